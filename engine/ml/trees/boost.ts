import { addTree, type Tree, type TreeEnsemble } from './ensemble.ts'
import { type GrowerMemory, openGrower } from './grower-memory.ts'
import { type Loss, losses } from './losses.ts'
import { readTree } from './read-tree.ts'
import type { TreeKernels } from './tree-kernels.ts'

/**
 * Histogram gradient boosting, leaf-wise: Friedman 2001 (doi 10.1214/aos/1013203451), second-order leaves and gains as in
 * Chen and Guestrin 2016 (arXiv 1603.02754), leaf-wise growth and 255 bins as in Ke et al. 2017 (LightGBM).
 * Gradients are summed in fixed point, so the model is the same for any number of threads.
 */
export interface BoostingOptions {
  readonly loss: keyof typeof losses
  /** Quantile level of the quantile loss. */
  readonly quantile?: number
  /** Number of classes of softmax. */
  readonly classes?: number
  readonly rounds: number
  readonly leaves: number
  readonly maxDepth?: number
  readonly learningRate: number
  readonly minRows: number
  readonly minHessian: number
  readonly l2: number
  readonly minGain?: number
  readonly monotone?: readonly number[]
  readonly threads: number
  /** Stop after this many rounds without gain on the validation rows. */
  readonly patience?: number
}

export const boostingDefaults = {
  loss: 'logistic',
  rounds: 100,
  leaves: 31,
  learningRate: 0.1,
  minRows: 20,
  minHessian: 1e-3,
  l2: 0,
  threads: 1,
} as const satisfies BoostingOptions

export interface BoostingRows {
  /** Column-major raw values, NaN for missing. */
  readonly columns: readonly Float64Array[]
  /** Numbers, 0 and 1, or class numbers. */
  readonly labels: Float64Array
  readonly weights?: Float64Array
}

export interface BoostedModel {
  readonly ensemble: TreeEnsemble
  /** Mean loss after each round, on the validation rows when there are any. */
  readonly validation: readonly number[]
  readonly bestRound: number
  /** Bytes of shared memory the training held. */
  readonly bytes: number
}

/** `afterRound` may throw to cancel and return true to stop early. */
export async function boost(
  kernels: TreeKernels,
  data: { readonly train: BoostingRows; readonly validation?: BoostingRows },
  options: BoostingOptions,
  afterRound?: (round: number, loss: number | undefined) => boolean | undefined,
): Promise<BoostedModel> {
  const loss = losses[options.loss](options)
  const base = loss.base(data.train.labels, data.train.weights)
  const memory = openGrower(
    kernels,
    { ...data.train, base },
    {
      objective: loss.kernel,
      leaves: options.leaves,
      maxDepth: options.maxDepth ?? 0,
      minRows: options.minRows,
      minHessian: options.minHessian,
      l2: options.l2,
      minGain: options.minGain ?? 0,
      learningRate: loss.renew ? 0 : options.learningRate,
      ...(options.monotone ? { monotone: options.monotone } : {}),
      threads: options.threads,
    },
  )
  try {
    await memory.session.begin(memory.setup)
    return grow(memory, loss, base, data, options, afterRound)
  } finally {
    await memory.session.close()
  }
}

function grow(
  memory: GrowerMemory,
  loss: Loss,
  base: readonly number[],
  data: { readonly train: BoostingRows; readonly validation?: BoostingRows },
  options: BoostingOptions,
  afterRound?: (round: number, loss: number | undefined) => boolean | undefined,
): BoostedModel {
  const outputs = base.length
  const trees: Tree[] = []
  const history: number[] = []
  const held = data.validation ? startMargins(base, data.validation.labels.length) : undefined
  let best = Number.POSITIVE_INFINITY
  let bestRound = 0
  memory.session.prime()
  for (let round = 1; round <= options.rounds; round++) {
    loss.beforeRound?.(memory.scores)
    for (let output = 0; output < outputs; output++) {
      const tree = growOne(memory, loss, output, data.train, options.learningRate)
      trees.push(tree)
      if (held && data.validation) addTree(tree, data.validation.columns, held, output, outputs)
    }
    const measured =
      held && data.validation ? loss.mean(held, data.validation.labels, data.validation.weights) : undefined
    if (measured !== undefined) history.push(measured)
    if (measured === undefined || measured < best - 1e-12) {
      best = measured ?? best
      bestRound = round
    }
    if (afterRound?.(round, measured)) break
    if (options.patience && measured !== undefined && round - bestRound >= options.patience) break
  }
  return {
    ensemble: { trees: trees.slice(0, bestRound * outputs), outputs, base },
    validation: history,
    bestRound,
    bytes: memory.bytes,
  }
}

function startMargins(base: readonly number[], rows: number): Float64Array {
  const margins = new Float64Array(rows * base.length)
  for (let at = 0; at < margins.length; at++) margins[at] = base[at % base.length]!
  return margins
}

function growOne(memory: GrowerMemory, loss: Loss, output: number, train: BoostingRows, learningRate: number): Tree {
  memory.select(output)
  loss.gradients?.(memory, train, output)
  const { tree, nodeOfLeaf } = readTree(memory, memory.session.growTree())
  if (loss.renew) renewLeaves(memory, tree, nodeOfLeaf, loss.renew, train, learningRate)
  return tree
}

/** Replaces leaf values by the loss's own optimum over the leaf's residuals, and moves the margins. */
function renewLeaves(
  memory: GrowerMemory,
  tree: Tree,
  nodeOfLeaf: Int32Array,
  optimum: NonNullable<Loss['renew']>,
  train: BoostingRows,
  learningRate: number,
): void {
  const margins = memory.scores[0]!
  nodeOfLeaf.forEach((node, leaf) => {
    const rows = memory.leafRanges(leaf).flatMap(([begin, count]) => [...memory.order.subarray(begin, begin + count)])
    const residuals = Float64Array.from(rows, (row) => train.labels[row]! - margins[row]!)
    const weights = train.weights ? Float64Array.from(rows, (row) => train.weights![row]!) : undefined
    const value = rows.length === 0 ? 0 : learningRate * optimum(residuals, weights)
    tree.value[node] = value
    for (const row of rows) margins[row]! += value
  })
}
