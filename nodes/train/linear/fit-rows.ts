import type { DenseProducts, Metric, Model, RunContext } from '#contract'
import { emitLogistic, emitRidge } from '#ml/linear/emit-linear'
import { balancedWeights, fitLogistic, type LogisticFit, logisticScores } from '#ml/linear/logistic'
import type { MinimiseOptions } from '#ml/linear/objective'
import { fitRidge, type RidgeFit, ridgePredictions } from '#ml/linear/ridge'
import { classificationMetrics } from '#ml/metrics/classification-metrics'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import { positiveClass } from '#ml/target-cells'
import { choosePreparation, fuse, type Prepared } from '../fuse-preparation.ts'
import type { Learned } from '../learner.ts'
import type { ClassRows, LearningRows, NumberRows } from '../learning-rows.ts'
import type { LinearParams } from './infer.ts'

/** A linear model of either kind. */
export interface FittedRows extends Learned {
  readonly linear: NonNullable<Model['linear']>
  readonly converged: boolean
}

type OnIteration = NonNullable<MinimiseOptions['onIteration']>

export function fitClassRows(
  rows: ClassRows,
  given: Model | undefined,
  params: LinearParams,
  products: DenseProducts,
  onIteration?: OnIteration,
): FittedRows {
  const prepared = choosePreparation(given, rows)
  const { classes } = rows
  const weights =
    params.classWeight === 'balanced' ? balancedWeights(rows.codes, classes.length, rows.weights) : rows.weights
  const fit = fitLogistic(prepared.matrix(rows.frame), rows.codes, classes.length, {
    penalty: params.penalty,
    products,
    ...(weights && { weights }),
    ...(onIteration && { onIteration }),
  })
  const positive = classes.length === 2 ? positiveClass(classes, params.positive) : undefined
  return {
    purpose: classes.length === 2 ? 'binary' : 'multiclass',
    fuse: () => fuse(prepared, (graph, x) => emitLogistic(graph, x, fit, names(rows))),
    linear: { intercepts: fit.intercepts, ...plainCoefficients(fit.coefficients, fit.errors) },
    converged: fit.converged,
    classes,
    ...(positive !== undefined && { positive }),
    judge: (judged) => judgeClasses(fit, prepared, judged as ClassRows, params.threshold, positive),
  }
}

const names = (rows: LearningRows) => rows.features.map(({ name }) => name)

function judgeClasses(
  fit: LogisticFit,
  prepared: Prepared,
  rows: ClassRows,
  threshold: number,
  positive: string | undefined,
): Metric[] {
  return classificationMetrics({
    actual: rows.codes,
    scores: logisticScores(fit, prepared.matrix(rows.frame)),
    classes: rows.classes.length,
    threshold,
    ...(positive !== undefined && { positive: rows.classes.indexOf(positive) }),
    ...(rows.weights && { weights: rows.weights }),
  })
}

export function fitNumberRows(
  rows: NumberRows,
  given: Model | undefined,
  params: LinearParams,
  products: DenseProducts,
): FittedRows {
  const prepared = choosePreparation(given, rows)
  const { weights } = rows
  const fit = fitRidge(prepared.matrix(rows.frame), rows.values, {
    penalty: params.penalty,
    products,
    ...(weights && { weights }),
  })
  return {
    purpose: 'regression',
    fuse: () => fuse(prepared, (graph, x) => emitRidge(graph, x, fit, names(rows))),
    linear: { intercepts: [fit.intercept], ...plainCoefficients([fit.coefficients], fit.errors && [fit.errors]) },
    converged: true,
    judge: (judged) => judgeNumbers(fit, prepared, judged as NumberRows),
  }
}

function judgeNumbers(fit: RidgeFit, prepared: Prepared, { frame, values, weights }: NumberRows): Metric[] {
  const predicted = ridgePredictions(fit, prepared.matrix(frame))
  return regressionMetrics({ actual: values, predicted, ...(weights && { weights }) })
}

/** As model.json holds them: errors by set, coefficients first, then the intercept; left out when one is not finite. */
function plainCoefficients(coefficients: readonly Float64Array[], errors: readonly Float64Array[] | undefined) {
  const finite = errors?.every((set) => set.every(Number.isFinite))
  return {
    coefficients: coefficients.map((set) => [...set]),
    ...(errors && finite && { errors: errors.map((set) => [...set]) }),
  }
}

export const sayUnfinished = (context: RunContext) =>
  context.log(
    'The fit stopped before it had settled: some column tells the classes apart almost by itself. Raise the penalty.',
    'warning',
  )
