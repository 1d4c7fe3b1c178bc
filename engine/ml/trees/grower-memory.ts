import type { FeatureBins, GrowerSetup, TreeKernels, TreeSession } from '#contract'
import { ProblemError } from '#contract'
import { binBounds, categoryBins } from './bin-bounds.ts'

/** Of one bin. */
const cellBytes = 8
/** Cells of a histogram that holds every bin there can be; the kernels are quickest with these. */
const allCells = 256
const chunkRows = 4096
const privateBytes = 196_608
/** Bytes of a leaf record there. */
const leafBytes = 128
const mostGroups = 64
const mostLeaves = 1024
/** Where the kernels' own data ends. */
const firstByte = 65_536

export const objectives = { squared: 0, logistic: 1, poisson: 2, external: 3 } as const

export interface GrowerOptions {
  readonly objective: keyof typeof objectives
  readonly leaves: number
  /** 0 for no limit. */
  readonly maxDepth: number
  readonly minRows: number
  readonly minHessian: number
  readonly l2: number
  readonly minGain: number
  readonly learningRate: number
  /** 1 rising, -1 falling, 0 free; one a feature. */
  readonly monotone?: readonly number[]
  readonly threads: number
  readonly byDepth?: boolean
  /** Numbers of features that may meet in a branch; features in no group stand alone. */
  readonly interactions?: readonly (readonly number[])[]
  /** Numbers of features whose values have no order. */
  readonly categorical?: readonly number[]
  readonly categorySmoothing?: number
  /** Room for weights even when none are given: subsampling sets them. */
  readonly weighted?: boolean
}

/** Training data laid out in shared memory, with views of what the driver writes and reads between trees. */
export interface GrowerMemory {
  readonly session: TreeSession
  readonly setup: GrowerSetup
  readonly bins: readonly FeatureBins[]
  readonly allowed: Uint8Array
  readonly labels: Float64Array
  readonly hessians: Float64Array
  /** Weights in use; empty when all rows weigh one. */
  readonly weights: Float32Array
  /** Margins, one vector an output. */
  readonly scores: readonly Float64Array[]
  readonly order: Uint32Array
  /** Chooses the margins the next tree works on. */
  select(output: number): void
  /** Places in `order` of the rows of a leaf of the last tree, one range a thread. */
  leafRanges(leaf: number): readonly (readonly [begin: number, count: number])[]
  readonly bytes: number
}

function threadRows(rows: number, thread: number, threads: number): number {
  let count = 0
  for (let chunk = thread; chunk * chunkRows < rows; chunk += threads)
    count += Math.min(chunkRows, rows - chunk * chunkRows)
  return count
}

/** Each thread owns interleaved chunks of rows; its rows stand together in the order. */
function fillOrder(order: Uint32Array, rows: number, threads: number): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = []
  let place = 0
  for (let thread = 0; thread < threads; thread++) {
    ranges.push([place, threadRows(rows, thread, threads)])
    for (let chunk = thread; chunk * chunkRows < rows; chunk += threads) {
      const end = Math.min(rows, (chunk + 1) * chunkRows)
      for (let row = chunk * chunkRows; row < end; row++) order[place++] = row
    }
  }
  return ranges
}

/** Packs areas one after another, each on a 64-byte border. */
function layout() {
  let offset = firstByte
  return {
    take(bytes: number): number {
      const at = offset
      offset = at + Math.ceil(bytes / 64) * 64
      return at
    },
    end: () => offset,
  }
}

function logisticScale(rows: number): readonly [number, number] {
  return [2 ** Math.floor(31 - Math.log2(rows) - 1e-9), 2 ** (Math.floor(32 - Math.log2(rows) - 1e-9) + 2)]
}

/**
 * Where the histograms of every eight features begin in a set of them, and the bytes of each: cells for the most bins among
 * the eight, so that columns of few values take little memory and little time to clear, to add and to subtract.
 */
function histogramPlaces(bins: readonly FeatureBins[]): { readonly places: Uint32Array; readonly bytes: number } {
  const places = new Uint32Array(2 * Math.ceil(bins.length / 8))
  let bytes = 0
  for (let group = 0; 8 * group < bins.length; group++) {
    const eight = bins.slice(8 * group, 8 * group + 8)
    const cells = Math.max(...eight.map(({ bounds, hasMissing }) => bounds.length + 1 + Number(hasMissing)))
    const each = cellBytes * (cells > allCells / 2 ? allCells : 2 * Math.ceil(cells / 2))
    places.set([bytes, each], 2 * group)
    bytes += each * eight.length
  }
  return { places, bytes }
}

/** The groups of each feature as bits. */
function groupMasks(features: number, interactions: readonly (readonly number[])[]): BigUint64Array {
  const masks = new BigUint64Array(features)
  const grouped = new Set(interactions.flat())
  const alone = Array.from(masks.keys()).filter((feature) => !grouped.has(feature))
  const groups = [...interactions, ...alone.map((feature) => [feature])]
  if (groups.length > mostGroups)
    throw new ProblemError({
      code: 'not-supported',
      message: `There are ${groups.length} groups of features that may meet, features in no group counted singly; ${mostGroups} are possible.`,
      fix: 'Join groups, or put more features into one.',
    })
  for (const [group, members] of groups.entries()) for (const feature of members) masks[feature]! |= 1n << BigInt(group)
  return masks
}

/** Bins the columns and lays everything out. Raw values are not kept. */
export function openGrower(
  kernels: TreeKernels,
  data: {
    readonly columns: readonly Float64Array[]
    readonly labels: Float64Array
    readonly weights?: Float64Array
    readonly base: readonly number[]
  },
  options: GrowerOptions,
): GrowerMemory {
  const rows = data.labels.length
  const features = data.columns.length
  const outputs = data.base.length
  const stride = (features + 7) & ~7
  const threads = Math.max(1, Math.min(options.threads, 16, Math.ceil(rows / chunkRows)))
  const categorical = new Set(options.categorical)
  const bins = data.columns.map((column, feature) =>
    categorical.has(feature) ? categoryBins(column, feature) : binBounds(column),
  )
  const { places, bytes: setBytes } = histogramPlaces(bins)
  const area = layout()
  const at = {
    row: area.take(rows * stride + 8),
    column: area.take(rows * features),
    binCounts: area.take(features * 4),
    missing: area.take(features * 4),
    monotone: area.take(features * 4),
    allowed: area.take(features),
    places: area.take(places.byteLength),
    order: area.take(rows * 4),
    parked: area.take(rows * 4),
    gradients: area.take(rows * 8),
    scores: Array.from({ length: outputs }, () => area.take(rows * 8)),
    labels: area.take(rows * 8),
    weights: data.weights || options.weighted ? area.take(rows * 4) : 0,
    hessians: options.objective === 'external' ? area.take(rows * 8) : 0,
    threadHistograms: area.take((threads - 1) * setBytes),
    leafHistograms: area.take(options.leaves * setBytes),
    control: area.take(8192),
    private: area.take(threads * privateBytes),
    output: area.take(mostLeaves * (48 + 24 + 32)),
    bounds: area.take(256 * 8),
    groups: options.interactions ? area.take(features * 8) : 0,
    categorical: options.categorical?.length ? area.take(features * 4) : 0,
  }
  const bytes = area.end()
  const session = kernels.open({ bytes, threads })
  const { buffer } = session
  new Uint32Array(buffer, at.places, places.length).set(places)
  const binCounts = new Int32Array(buffer, at.binCounts, features)
  const missing = new Int32Array(buffer, at.missing, features)
  // a column on its way into bins borrows the place of the gradients
  const source = new Float64Array(buffer, at.gradients, rows)
  const bounds = new Float64Array(buffer, at.bounds, 256)
  data.columns.forEach((column, feature) => {
    const own = bins[feature]!
    binCounts[feature] = own.bounds.length + 1
    missing[feature] = own.hasMissing ? 1 : 0
    bounds.fill(Number.POSITIVE_INFINITY).set(own.bounds)
    source.set(column)
    session.binColumn(
      at.gradients,
      rows,
      at.bounds,
      own.bounds.length + 1,
      at.column + feature * rows,
      at.row + feature,
      stride,
    )
  })
  new Int32Array(buffer, at.monotone, features).set(options.monotone ?? [])
  const order = new Uint32Array(buffer, at.order, rows)
  const ranges = fillOrder(order, rows, threads)
  const labels = new Float64Array(buffer, at.labels, rows)
  labels.set(data.labels)
  const weights = new Float32Array(buffer, at.weights, at.weights ? rows : 0)
  if (data.weights) weights.set(data.weights)
  else weights.fill(1)
  if (at.groups) new BigUint64Array(buffer, at.groups, features).set(groupMasks(features, options.interactions!))
  if (at.categorical) {
    const flags = new Int32Array(buffer, at.categorical, features)
    for (const feature of categorical) flags[feature] = 1
  }
  const scores = at.scores.map((address, output) => new Float64Array(buffer, address, rows).fill(data.base[output]!))
  const selected = new Uint32Array(buffer, at.control + 132, 1)
  selected[0] = at.scores[0]!
  const setup: GrowerSetup = {
    rows,
    ranges,
    table: [
      ...([features, stride, at.row, at.column, rows, at.binCounts, at.missing, at.monotone, at.allowed] as const),
      ...([at.places, setBytes] as const),
    ],
    buffers: [
      ...([at.order, at.parked, at.gradients, at.scores[0]!, at.labels, at.weights, at.hessians] as const),
      ...([at.threadHistograms, at.leafHistograms, at.control, at.private, at.output] as const),
    ],
    limits: [
      ...([options.leaves, options.maxDepth, options.minRows, objectives[options.objective]] as const),
      ...([options.l2, options.minHessian, options.learningRate, options.minGain] as const),
    ],
    growth: [options.byDepth ? 1 : 0, at.groups, at.categorical, options.categorySmoothing ?? 0],
    scales: logisticScale(rows),
  }
  const privateView = new DataView(buffer, at.private, threads * privateBytes)
  return {
    session,
    setup,
    bins,
    allowed: new Uint8Array(buffer, at.allowed, features).fill(1),
    labels,
    hessians: new Float64Array(buffer, at.hessians, at.hessians ? rows : 0),
    weights,
    scores,
    order,
    select: (output) => {
      selected[0] = at.scores[output]!
    },
    leafRanges: (leaf) =>
      ranges.map((_, thread) => {
        const record = thread * privateBytes + leaf * leafBytes
        return [privateView.getInt32(record, true), privateView.getInt32(record + 4, true)] as const
      }),
    bytes,
  }
}
