import type { TreeKernels } from '#contract'
import { ProblemError } from '#contract'
import { createRandom } from '../random/random.ts'
import { type CustomLoss, customLoss } from './custom-loss.ts'
import { addTree, predictMargins, type Tree, type TreeEnsemble } from './ensemble.ts'
import { type GrowerMemory, openGrower } from './grower-memory.ts'
import { type Loss, losses } from './losses.ts'
import { readTree } from './read-tree.ts'
import { requireLabels } from './require-labels.ts'
import { drawShare } from './subsample.ts'

/**
 * Histogram gradient boosting, leaf-wise: Friedman 2001 (doi 10.1214/aos/1013203451), second-order leaves and gains as in
 * Chen and Guestrin 2016 (arXiv 1603.02754), leaf-wise growth and 255 bins as in Ke et al. 2017 (LightGBM).
 * Categories: Fisher 1958 (JASA 53:789), as LightGBM. Rows drawn a round: Friedman 2002 (doi 10.1016/S0167-9473(01)00065-2).
 * Gradients are summed in fixed point, so the model is the same for any number of threads.
 */
export interface BoostingOptions {
  readonly loss: keyof typeof losses
  /** Takes the place of `loss`. */
  readonly custom?: CustomLoss
  /** Quantile level of the quantile loss. */
  readonly quantile?: number
  /** Number of classes of softmax. */
  readonly classes?: number
  readonly rounds: number
  /** Ends after this many rounds, to be gone on with; all of them unless told. */
  readonly until?: number
  /** Where a shorter training on the same rows with the same options ended: gives the bytes of one training. */
  readonly from?: BoostingState
  readonly leaves: number
  readonly maxDepth?: number
  readonly learningRate: number
  readonly minRows: number
  readonly minHessian: number
  readonly l2: number
  readonly minGain?: number
  /** 1 rising, -1 falling, 0 free; one a feature. Features without order must be free. */
  readonly monotone?: readonly number[]
  /** Best leaf first (the default), or level by level; `leaves` and `maxDepth` bound both. */
  readonly growth?: 'leaf' | 'depth'
  /** Numbers of features that may meet on a branch, by group; features in no group stand alone. */
  readonly interactions?: readonly (readonly number[])[]
  /** Numbers of features whose values have no order; at most 254 values each. Values not seen in a leaf go right. */
  readonly categorical?: readonly number[]
  /** Hessian added to each category where categories are put in order: rare ones move to the middle. 10 by default. */
  readonly categorySmoothing?: number
  /** Share of the rows that each round learns from, 1 by default; `minRows` counts rows drawn. */
  readonly rowShare?: number
  /** Share of the features that each tree may split on, 1 by default. */
  readonly columnShare?: number
  /** Of the two draws; 0 by default. */
  readonly seed?: number
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

/** What a training goes on from: structured-clone data. */
export interface BoostingState {
  readonly trees: readonly Tree[]
  /** Margins of the training rows, one array an output. */
  readonly scores: readonly Float64Array[]
  readonly validation: readonly number[]
  readonly bestRound: number
  /** Had ended by itself. */
  readonly ended: boolean
}

export interface BoostedModel {
  readonly ensemble: TreeEnsemble
  /** Mean loss after each round, on the validation rows when there are any. */
  readonly validation: readonly number[]
  readonly bestRound: number
  readonly state: BoostingState
  /** Bytes of shared memory the training held. */
  readonly bytes: number
}

/** May throw to cancel and return true to stop early. */
export type AfterRound = (round: number, loss: number | undefined) => boolean | undefined | Promise<boolean | undefined>

export async function boost(
  kernels: TreeKernels,
  data: { readonly train: BoostingRows; readonly validation?: BoostingRows },
  options: BoostingOptions,
  afterRound?: AfterRound,
): Promise<BoostedModel> {
  const loss = options.custom ? customLoss(options.custom) : losses[options.loss](options)
  const rowShare = options.rowShare ?? 1
  checkOptions(options)
  for (const rows of data.validation ? [data.train, data.validation] : [data.train]) requireLabels(rows, options)
  const base = loss.base(data.train.labels, data.train.weights)
  const memory = openGrower(
    kernels,
    { ...data.train, base },
    {
      objective: loss.kernel,
      leaves: mostLeaves(options, data.train.labels.length),
      maxDepth: options.maxDepth ?? 0,
      minRows: Math.ceil(options.minRows / rowShare),
      minHessian: options.minHessian,
      l2: options.l2,
      minGain: options.minGain ?? 0,
      learningRate: loss.renew ? 0 : options.learningRate,
      ...(options.monotone ? { monotone: options.monotone } : {}),
      threads: options.threads,
      byDepth: options.growth === 'depth',
      ...(options.interactions && { interactions: options.interactions }),
      ...(options.categorical && { categorical: options.categorical }),
      categorySmoothing: options.categorySmoothing ?? 10,
      weighted: rowShare < 1,
    },
  )
  try {
    options.from?.scores.forEach((scores, output) => {
      memory.scores[output]!.set(scores)
    })
    await memory.session.begin(memory.setup)
    return await grow(memory, loss, base, data, options, afterRound)
  } finally {
    await memory.session.close()
  }
}

/** No more leaves than there are rows for: each holds as many histograms as there are features. */
const mostLeaves = ({ leaves, minRows }: BoostingOptions, rows: number): number =>
  Math.max(2, Math.min(leaves, Math.floor(rows / Math.max(1, minRows))))

async function grow(
  memory: GrowerMemory,
  loss: Loss,
  base: readonly number[],
  data: { readonly train: BoostingRows; readonly validation?: BoostingRows },
  options: BoostingOptions,
  afterRound?: AfterRound,
): Promise<BoostedModel> {
  const outputs = base.length
  const { from, until = options.rounds } = options
  const trees: Tree[] = [...(from?.trees ?? [])]
  const history: number[] = [...(from?.validation ?? [])]
  const held =
    data.validation && predictMargins({ trees, outputs, base }, data.validation.columns, data.validation.labels.length)
  let bestRound = from?.bestRound ?? 0
  let best = history[bestRound - 1] ?? Number.POSITIVE_INFINITY
  let ended = from?.ended ?? false
  const draws = openDraws(memory, loss, data.train, options, trees.length)
  memory.session.prime()
  for (let round = trees.length / outputs + 1; round <= Math.min(until, options.rounds) && !ended; round++) {
    loss.beforeRound?.(memory.scores, data.train)
    draws.nextRound(round)
    for (let output = 0; output < outputs; output++) {
      draws.nextTree()
      const tree = growOne(memory, loss, output, data.train, options.learningRate, draws.bag)
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
    const enough = (await afterRound?.(round, measured)) === true
    ended = enough || Boolean(options.patience && measured !== undefined && round - bestRound >= options.patience)
  }
  const scores = memory.scores.map((margins) => margins.slice())
  return {
    ensemble: { trees: trees.slice(0, bestRound * outputs), outputs, base },
    validation: history,
    bestRound,
    state: { trees, scores, validation: history, bestRound, ended },
    bytes: memory.bytes,
  }
}

/** What each round and tree learns from, drawn by seed and number alone, so that threads don't matter. */
function openDraws(memory: GrowerMemory, loss: Loss, train: BoostingRows, options: BoostingOptions, grown: number) {
  const { rowShare = 1, columnShare = 1, seed = 0 } = options
  const random = createRandom(seed)
  const bag = rowShare < 1 ? new Uint8Array(train.labels.length) : undefined
  let tree = grown
  return {
    bag,
    nextRound(round: number): void {
      if (!bag) return
      drawShare(random.split('rows').split(round), rowShare, bag)
      // losses with gradients of their own leave rows out there
      if (loss.gradients) return
      for (let row = 0; row < bag.length; row++)
        memory.weights[row] = bag[row]! * (train.weights ? train.weights[row]! : 1)
    },
    nextTree(): void {
      if (columnShare < 1) drawShare(random.split('columns').split(tree++), columnShare, memory.allowed)
    },
  }
}

function checkOptions({ categorical, monotone, rowShare = 1, columnShare = 1 }: BoostingOptions): void {
  for (const share of [rowShare, columnShare])
    if (!(share > 0 && share <= 1))
      throw new ProblemError({
        code: 'parameter-bad',
        message: `A share of ${share} of the rows or columns can not be drawn.`,
        fix: 'Give a share above 0 and at most 1.',
      })
  const bound = categorical?.find((feature) => monotone?.[feature])
  if (bound === undefined) return
  throw new ProblemError({
    code: 'not-supported',
    message: `Feature ${bound + 1} has no order, so the model can not rise or fall with it.`,
    fix: 'Take its direction away, or treat it as a number.',
  })
}

function leaveOut({ labels, hessians }: GrowerMemory, row: number): void {
  labels[row] = 0
  hessians[row] = 0
}

function growOne(
  memory: GrowerMemory,
  loss: Loss,
  output: number,
  train: BoostingRows,
  learningRate: number,
  bag: Uint8Array | undefined,
): Tree {
  memory.select(output)
  loss.gradients?.(memory, train, output)
  if (bag && loss.gradients) for (let row = 0; row < bag.length; row++) if (!bag[row]) leaveOut(memory, row)
  const { tree, nodeOfLeaf } = readTree(memory, memory.session.growTree())
  if (loss.renew) renewLeaves(memory, tree, nodeOfLeaf, loss.renew, train, learningRate, bag)
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
  bag: Uint8Array | undefined,
): void {
  const margins = memory.scores[0]!
  nodeOfLeaf.forEach((node, leaf) => {
    const rows = memory.leafRanges(leaf).flatMap(([begin, count]) => [...memory.order.subarray(begin, begin + count)])
    const drawn = bag ? rows.filter((row) => bag[row] === 1) : rows
    const residuals = Float64Array.from(drawn, (row) => train.labels[row]! - margins[row]!)
    const weights = train.weights ? Float64Array.from(drawn, (row) => train.weights![row]!) : undefined
    const value = drawn.length === 0 ? 0 : learningRate * optimum(residuals, weights)
    tree.value[node] = value
    for (const row of rows) margins[row]! += value
  })
}
