import type { ForestKernels, ForestRows } from '#contract'
import { createRandom } from '#ml/random/random'
import { growCart } from '#ml/trees/cart'
import { type ForestTree, predictForest } from '#ml/trees/forest'
import { pruneTree, pruningPath } from '#ml/trees/prune-tree'
import { foldRows, stratifiedFolds } from '../linear/cross-validate.ts'

/** A size on the way from the whole tree to its root. */
export interface PrunedSize {
  readonly cost: number
  readonly leaves: number
  /** Over the folds: share of rows that are wrong, or mean squared error. */
  readonly error: number
  /** Standard error of that. */
  readonly spread: number
}

const folds = 5
const mostSizes = 60

/**
 * Cross-validation of the sizes (Breiman, Friedman, Olshen & Stone 1984, 3.4): trees grown on the other folds are cut at
 * the same costs and judged on the fold left out. Between two cuts a tree is the same, so costs are geometric means.
 */
export async function judgeSizes(
  kernels: ForestKernels,
  data: ForestRows,
  grown: ForestTree,
  limits: NonNullable<Parameters<typeof growCart>[2]>,
  seed: number,
  report: (fraction: number) => void,
): Promise<readonly PrunedSize[]> {
  const { classes, labels } = data
  const steps = thinned(pruningPath(grown, classes))
  if (labels.length < 4 * folds || steps.length < 2) return []
  const costs = steps.map(({ alpha }, at) => Math.sqrt(alpha * (steps[at + 1]?.alpha ?? alpha)))
  const codes = classes > 0 ? labels : new Uint8Array(labels.length)
  const assigned = stratifiedFolds(codes, folds, createRandom(seed).split('prune'))
  const errors = costs.map((): number[] => [])
  for (let fold = 0; fold < folds; fold++) {
    const { fit, held } = foldRows(assigned, fold)
    const part = await growCart(kernels, pick(data, fit), limits)
    const out = pick(data, held)
    costs.forEach((cost, at) => {
      errors[at]!.push(errorOf(cost > 0 ? pruneTree(part, classes, cost) : part, out))
    })
    report((fold + 1) / folds)
  }
  return steps.map(({ leaves }, at) => {
    const of = errors[at]!
    const error = of.reduce((sum, one) => sum + one, 0) / folds
    const squares = of.reduce((sum, one) => sum + (one - error) ** 2, 0)
    return { cost: costs[at]!, leaves, error, spread: Math.sqrt(squares / (folds - 1) / folds) }
  })
}

/** The one-standard-error rule: the smallest tree that is not clearly worse than the best. */
export function chooseCost(sizes: readonly PrunedSize[]): number {
  if (sizes.length === 0) return 0
  const best = sizes.reduce((a, b) => (b.error < a.error ? b : a))
  return sizes.filter(({ error }) => error <= best.error + best.spread).at(-1)!.cost
}

/** Long paths are looked at evenly, both ends included. */
function thinned<T>(steps: readonly T[]): readonly T[] {
  if (steps.length <= mostSizes) return steps
  return Array.from({ length: mostSizes }, (_, k) => steps[Math.round((k * (steps.length - 1)) / (mostSizes - 1))]!)
}

function pick({ columns, labels, weights, classes }: ForestRows, rows: Uint32Array): ForestRows {
  const at = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!)
  return { columns: columns.map(at), labels: at(labels), classes, ...(weights && { weights: at(weights) }) }
}

function errorOf(tree: ForestTree, { columns, labels, classes, weights }: ForestRows): number {
  const outputs = Math.max(1, classes)
  const scores = predictForest({ trees: [tree], outputs }, columns, labels.length)
  let [sum, total] = [0, 0]
  labels.forEach((label, row) => {
    const weight = weights?.[row] ?? 1
    const own = scores.subarray(row * outputs, (row + 1) * outputs)
    sum += weight * (classes > 0 ? Number(own.indexOf(Math.max(...own)) !== label) : (own[0]! - label) ** 2)
    total += weight
  })
  return total > 0 ? sum / total : 0
}
