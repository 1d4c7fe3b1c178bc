import type { Model, RunContext } from '#contract'
import { balancedWeights } from '#ml/linear/logistic'
import type { Matrix } from '#ml/matrix'
import { classificationMetrics } from '#ml/metrics/classification-metrics'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import { fitPreparation, matrixColumns, preparationDefaults } from '#ml/prepare/preparation'
import { positiveClass } from '#ml/target-cells'
import { type AfterRound, type BoostingRows, boost } from '#ml/trees/boost'
import { emitTreeModel } from '#ml/trees/emit-tree-model'
import { predictMargins, type TreeEnsemble } from '#ml/trees/ensemble'
import type { TreeLink } from '#ml/trees/ensemble-json'
import { choosePreparation, fuse, type Prepared } from '../fuse-preparation.ts'
import type { Learned, LearnerRows } from '../learner.ts'
import { constraints } from './constraints.ts'
import type { BoostingParams } from './params.ts'

/** More values than that would not find a bin each. */
const mostCategories = 254

/** Texts as categories without order, numbers as they are, missing ones too: the trees find where they go. */
function plainPreparation(rows: LearnerRows): Model {
  const texts = { ...preparationDefaults.text, encode: 'ordinal' as const }
  const many = rows.frame.columns.filter(({ cells }) => cells.kind === 'text' && cells.levels.length > mostCategories)
  const preparation = fitPreparation(
    rows.frame,
    rows.features.map(({ name }) => name),
    Uint32Array.from({ length: rows.frame.rows }, (_, row) => row),
    {
      ...preparationDefaults,
      number: { impute: 'none', constant: 0, indicator: false, scale: 'none' },
      text: texts,
      overrides: Object.fromEntries(many.map(({ name }) => [name, preparationDefaults.text])),
    },
  )
  return { preparation } as unknown as Model
}

function prepare(given: Model | undefined, rows: LearnerRows) {
  const prepared = choosePreparation(given ?? plainPreparation(rows), rows)
  const ordinal = new Set(
    given ? [] : prepared.preparation.steps.flatMap((step) => (step.kind === 'ordinal' ? [step.name] : [])),
  )
  const matrix = matrixColumns(prepared.preparation)
  return { prepared, matrix, categorical: [...matrix.keys()].filter((j) => ordinal.has(matrix[j]!.source)) }
}

export interface BoostedRows extends Learned {
  readonly rounds: number
  readonly validation: readonly number[]
}

export interface BoostingRun {
  readonly rows: LearnerRows
  readonly validation?: LearnerRows | undefined
  readonly given: Model | undefined
  readonly params: BoostingParams
  readonly context: RunContext
  readonly afterRound?: AfterRound
}

export async function fitBoosting({ rows, validation, given, params, context, afterRound }: BoostingRun) {
  const { prepared, matrix, categorical } = prepare(given, rows)
  const classes = 'codes' in rows ? rows.classes : undefined
  const positive = classes?.length === 2 ? positiveClass(classes, params.positive) : undefined
  const link = linkOf(params, classes?.length ?? 0)
  const columnsOf = (part: LearnerRows) => byColumn(prepared.matrix(part.frame))
  const data = { train: boostingRows(rows, columnsOf(rows), params), ...heldRows(validation, columnsOf, params) }
  const boosted = await boost(
    await context.kernels.trees(),
    data,
    {
      ...boostingOptions(params, classes?.length ?? 0),
      ...constraints(params, rows.features, matrix, {
        flipped: positive !== undefined && positive === classes![0],
        manyClasses: link === 'softmax',
      }),
      ...(categorical.length > 0 && { categorical }),
      seed: context.seed,
      threads: context.budget.threads,
    },
    afterRound,
  )
  const { ensemble, bestRound } = boosted
  const learned: BoostedRows = {
    purpose: !classes ? 'regression' : classes.length === 2 ? 'binary' : 'multiclass',
    fuse: () =>
      fuse(prepared, (graph, x) =>
        emitTreeModel(graph, x, ensemble, {
          link,
          classes: classes?.length ?? 0,
          columns: rows.features.map(({ name }) => name),
        }),
      ),
    trees: { ensemble, link },
    ...(classes && { classes }),
    ...(positive !== undefined && { positive }),
    judge: (judged) => judge(judged, boostedScores(ensemble, link, prepared, judged), params.threshold, positive),
    rounds: bestRound,
    validation: boosted.validation,
  }
  return learned
}

const heldRows = (
  validation: LearnerRows | undefined,
  columnsOf: (part: LearnerRows) => Float64Array[],
  params: BoostingParams,
) => validation && { validation: boostingRows(validation, columnsOf(validation), params) }

function boostingRows(rows: LearnerRows, columns: Float64Array[], { classWeight }: BoostingParams): BoostingRows {
  const weights =
    'codes' in rows && classWeight === 'balanced'
      ? balancedWeights(rows.codes, rows.classes.length, rows.weights)
      : rows.weights
  return { columns, labels: Float64Array.from('codes' in rows ? rows.codes : rows.values), ...(weights && { weights }) }
}

function boostingOptions(params: BoostingParams, classes: number) {
  const { rounds, leaves, depth, learningRate, minRows, l2, growth, rowShare, columnShare, quantile, patience } = params
  const { objective } = params
  return {
    loss: classes > 2 ? 'softmax' : classes > 0 ? 'logistic' : numberLoss(objective),
    quantile,
    ...(classes > 2 && { classes }),
    rounds,
    leaves,
    maxDepth: depth,
    learningRate,
    minRows,
    minHessian: 1e-3,
    l2,
    growth,
    rowShare,
    columnShare,
    ...(patience > 0 && { patience }),
  } as const
}

const numberLoss = (objective: BoostingParams['objective']) =>
  objective === 'auto' || objective === 'logistic' ? 'squared' : objective

function linkOf({ objective }: BoostingParams, classes: number): TreeLink {
  if (classes > 0) return classes === 2 ? 'logistic' : 'softmax'
  return objective === 'poisson' ? 'exponential' : 'identity'
}

const byColumn = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_cell, row) => values[row * columns + j]!),
  )

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Class probabilities row by row, or predictions: in float64, what the ONNX file gives to rounding. */
function boostedScores(ensemble: TreeEnsemble, link: TreeLink, prepared: Prepared, { frame }: LearnerRows) {
  const margins = predictMargins(ensemble, byColumn(prepared.matrix(frame)), frame.rows)
  if (link === 'exponential') return margins.map(Math.exp)
  if (link === 'logistic') return Float64Array.from(Array.from(margins, (x) => [sigmoid(-x), sigmoid(x)]).flat())
  if (link !== 'softmax') return margins
  const { outputs } = ensemble
  for (let from = 0; from < margins.length; from += outputs) {
    const row = margins.subarray(from, from + outputs)
    const top = Math.max(...row)
    const powers = row.map((x) => Math.exp(x - top))
    const sum = powers.reduce((a, b) => a + b, 0)
    row.set(powers.map((power) => power / sum))
  }
  return margins
}

function judge(rows: LearnerRows, scores: Float64Array, threshold: number, positive: string | undefined) {
  const weights = rows.weights && { weights: rows.weights }
  if (!('codes' in rows)) return regressionMetrics({ actual: rows.values, predicted: scores, ...weights })
  return classificationMetrics({
    actual: rows.codes,
    scores,
    classes: rows.classes.length,
    threshold,
    ...(positive !== undefined && { positive: rows.classes.indexOf(positive) }),
    ...weights,
  })
}
