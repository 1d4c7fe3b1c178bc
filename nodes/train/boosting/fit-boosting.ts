import type { Model } from '#contract'
import { matrixColumns } from '#ml/prepare/preparation'
import { positiveClass } from '#ml/target-cells'
import { type AfterRound, type BoostingRows, type BoostingState, boost } from '#ml/trees/boost'
import type { TreeLink } from '#ml/trees/ensemble-json'
import type { FitContext, Learned, LearnerRows } from '../learner.ts'
import { byColumn, prepareForTrees, treeLearned, treeRows } from '../tree-model.ts'
import { constraints } from './constraints.ts'
import type { BoostingParams } from './params.ts'

function prepare(given: Model | undefined, rows: LearnerRows) {
  const prepared = prepareForTrees(given, rows, 'codes')
  const ordinal = new Set(
    given ? [] : prepared.preparation.steps.flatMap((step) => (step.kind === 'ordinal' ? [step.name] : [])),
  )
  const matrix = matrixColumns(prepared.preparation)
  return { prepared, matrix, categorical: [...matrix.keys()].filter((j) => ordinal.has(matrix[j]!.source)) }
}

export interface BoostedRows extends Learned {
  readonly rounds: number
  readonly validation: readonly number[]
  readonly state: BoostingState
}

export interface BoostingRun {
  readonly rows: LearnerRows
  readonly validation?: LearnerRows | undefined
  readonly given: Model | undefined
  readonly params: BoostingParams
  readonly context: FitContext
  readonly afterRound?: AfterRound
  /** Ends after so many rounds, to be gone on with. */
  readonly until?: number | undefined
  /** Where a shorter training ended. */
  readonly from?: BoostingState | undefined
}

export async function fitBoosting({ rows, validation, given, params, context, afterRound, until, from }: BoostingRun) {
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
      ...(until && { until }),
      ...(from && { from }),
    },
    afterRound,
  )
  const { ensemble, bestRound, state } = boosted
  const learned: BoostedRows = {
    ...treeLearned({ ensemble, link }, prepared, rows, params),
    rounds: bestRound,
    validation: boosted.validation,
    state,
  }
  return learned
}

const heldRows = (
  validation: LearnerRows | undefined,
  columnsOf: (part: LearnerRows) => Float64Array[],
  params: BoostingParams,
) => validation && { validation: boostingRows(validation, columnsOf(validation), params) }

const boostingRows = (rows: LearnerRows, columns: Float64Array[], { classWeight }: BoostingParams): BoostingRows => ({
  columns,
  ...treeRows(rows, classWeight),
})

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
