import type { ForestRows, Metric, Model } from '#contract'
import { growCart } from '#ml/trees/cart'
import type { ForestTree } from '#ml/trees/forest'
import { forestEnsemble } from '#ml/trees/forest-ensemble'
import { pruneTree } from '#ml/trees/prune-tree'
import type { FitContext, LearnerRows } from '../learner.ts'
import { type LearnerRun, trainWith } from '../train-with.ts'
import { byColumn, prepareForTrees, treeLearned, treeRows } from '../tree-model.ts'
import { chooseCost, judgeSizes } from './choose-cost.ts'
import { type TreeParams, treeVersion } from './params.ts'

export async function trainTree(run: LearnerRun<TreeParams>) {
  let chosen: number | undefined
  const learner = { type: 'train/tree', version: treeVersion, params: run.params } as const
  return trainWith(run, learner, async (rows, part) => {
    const { params, context } = run
    const fitted = await fitTree({ rows, given: run.inputs.preparation, params, context }, part ? chosen : undefined)
    if (!part) chosen = fitted.cost
    return fitted
  })
}

interface TreeJob {
  readonly rows: LearnerRows
  readonly given: Model | undefined
  readonly params: TreeParams
  readonly context: FitContext
}

/** Cut where it is told; else the cost is found. */
export async function fitTree({ rows, given, params, context }: TreeJob, cutAt?: number) {
  const prepared = prepareForTrees(given, rows, 'one-hot')
  const classes = 'codes' in rows ? rows.classes.length : 0
  const data: ForestRows = {
    columns: byColumn(prepared.matrix(rows.frame)),
    classes,
    ...treeRows(rows, params.classWeight),
  }
  const kernels = await context.kernels.forest()
  const limits = { maxDepth: params.maxDepth, minLeaf: params.minLeaf, minSplit: 2, prune: 0 }
  const grown = await growCart(kernels, data, limits)
  const cost = cutAt ?? (await findCost(kernels, data, grown, limits, params, context))
  const tree = cost > 0 ? pruneTree(grown, classes, cost) : grown
  const ensemble = forestEnsemble({ trees: [tree], outputs: Math.max(1, classes) })
  return {
    ...treeLearned({ ensemble, link: 'shares' }, prepared, rows, params),
    cost,
    extra: [
      figure('leaves', 'Leaves', leavesOf(tree)),
      figure('leaves_before', 'Leaves before it was cut back', leavesOf(grown)),
      figure('cost', 'Cost of a leaf', cost),
    ],
  }
}

const leavesOf = ({ feature }: ForestTree) => feature.filter((column) => column < 0).length

const figure = (name: string, label: string, value: number): Metric => ({ name, label, value, better: 'neither' })

async function findCost(
  kernels: Parameters<typeof judgeSizes>[0],
  data: ForestRows,
  grown: ForestTree,
  limits: Parameters<typeof judgeSizes>[3],
  params: TreeParams,
  context: FitContext,
): Promise<number> {
  if (params.pruning === 'none') return 0
  if (params.pruning === 'fixed') return params.cost
  const report = (fraction: number) => context.progress(0.05 + 0.3 * fraction, 'pruning')
  return chooseCost(await judgeSizes(kernels, data, grown, limits, context.seed, report))
}
