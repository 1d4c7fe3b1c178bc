import type { Metric, Model } from '#contract'
import { wilson } from '#ml/statistics/wilson'
import { type Forest, growForest, predictOutOfBag } from '#ml/trees/forest'
import { forestEnsemble } from '#ml/trees/forest-ensemble'
import type { FitContext, Learned, LearnerRows } from '../learner.ts'
import { someRows } from '../learning-rows.ts'
import { byColumn, judgeScores, prepareForTrees, treeLearned, treeRows } from '../tree-model.ts'
import type { ForestParams } from './params.ts'

export interface FittedForest extends Learned {
  readonly forest: Forest
  readonly outOfBag: readonly Metric[]
}

interface ForestRun {
  readonly rows: LearnerRows
  readonly given: Model | undefined
  readonly params: ForestParams
  readonly context: FitContext
  /** Of a fold: nobody looks at its out-of-bag score. */
  readonly part?: true
  /** A smaller forest of the same rows and params. */
  readonly from?: Forest | undefined
}

export async function fitForest({ rows, given, params, context, part, from }: ForestRun): Promise<FittedForest> {
  const prepared = prepareForTrees(given, rows, 'one-hot')
  const columns = byColumn(prepared.matrix(rows.frame))
  const classes = 'codes' in rows ? rows.classes.length : 0
  const data = { columns, classes, ...treeRows(rows, params.classWeight) }
  const usual = classes > 0 ? Math.sqrt(columns.length) : columns.length / 3
  const forest = await growForest(
    await context.kernels.forest(),
    data,
    {
      trees: params.trees,
      tryFeatures: Math.max(1, Math.floor(params.tryShare > 0 ? params.tryShare * columns.length : usual)),
      maxDepth: params.maxDepth,
      minLeaf: params.minLeaf,
      minSplit: 2,
      bootstrap: params.bootstrap,
      randomThresholds: params.method === 'extra-trees',
      seed: context.seed,
      threads: context.budget.threads,
    },
    (grown) => {
      if (!part) context.progress(0.05 + (0.3 * grown) / params.trees, `${grown} of ${params.trees} trees`)
      context.signal.throwIfAborted()
    },
    from,
  )
  const learned = treeLearned({ ensemble: forestEnsemble(forest), link: 'shares' }, prepared, rows, params)
  const scores = params.bootstrap && !part ? predictOutOfBag(forest, data, context.seed) : undefined
  return { ...learned, forest, outOfBag: scores ? judgeOutOfBag(scores, rows, learned, params) : [] }
}

const kept = new Set(['roc_auc', 'log_loss', 'accuracy', 'r2', 'rmse'])

/** Each row judged by the trees that did not see it; accuracy with Wilson's interval. */
function judgeOutOfBag(
  scores: Float64Array,
  rows: LearnerRows,
  { positive }: Learned,
  { threshold }: ForestParams,
): readonly Metric[] {
  const width = scores.length / rows.frame.rows
  const all = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row)
  const seen = all.filter((row) => !Number.isNaN(scores[row * width]!))
  if (seen.length === 0) return []
  const known = new Float64Array(seen.length * width)
  seen.forEach((row, at) => {
    known.set(scores.subarray(row * width, (row + 1) * width), at * width)
  })
  return judgeScores(someRows(rows, seen), known, threshold, positive)
    .filter(({ name }) => kept.has(name))
    .map((metric) => ({
      ...metric,
      ...(metric.name === 'accuracy' && metric.value !== null && !rows.weights
        ? wilson(Math.round(metric.value * seen.length), seen.length)
        : { n: seen.length }),
      name: `out_of_bag.${metric.name}`,
      label: `${metric.label}, out of the bag`,
    }))
}
