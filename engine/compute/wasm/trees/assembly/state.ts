// What every kernel of the tree grower reads: addresses in shared memory and the settings of a training run.
// Each thread has its own instance of the module (own globals) over the same memory.

/** Bytes of the histogram of a feature with all bins there can be: 256 cells of one i64. */
export const HISTOGRAM_BYTES: i32 = 2048

export let thread: i32 = 0
export let threads: i32 = 1
export let features: i32 = 0
/** Bytes of a row of the row-major bin table, a multiple of 8. */
export let stride: i32 = 0
/** Row-major bins, column-major bins, bytes of one column. */
export let rowBins: usize = 0
export let columnBins: usize = 0
export let columnBytes: i32 = 0
/** i32 a feature: number of bins without the missing one; 1 when the feature has missing values (their bin is the last). */
export let binCounts: usize = 0
export let missingFlags: usize = 0
/** i32 a feature: 1 rising, -1 falling, 0 free. */
export let monotone: usize = 0
/** u8 a feature: 1 when the current tree may split on it. */
export let allowed: usize = 0
/** Two u32 for every eight features: where their histograms begin in a set of them, and bytes of each. */
export let histogramPlaces: usize = 0
/** Bytes of a set, one histogram a feature. */
export let histogramSet: usize = 0
/** Row numbers, permuted so that a leaf's rows are consecutive within each thread's range; and scratch of the same size. */
export let rowOrder: usize = 0
export let rowScratch: usize = 0
/** i64 a row: gradient in the high i32, hessian in the low u32, both in fixed point. */
export let gradients: usize = 0
/** f64 a row: margin so far; f64 label; f32 weight or 0 when all weigh one. */
export let scores: usize = 0
export let labels: usize = 0
export let weights: usize = 0
/** f64 a row, only with external gradients. */
export let hessians: usize = 0
export let allRows: i32 = 0
/** A set of histograms for each thread but the first, and a pool of them, one a leaf. */
export let threadHistograms: usize = 0
export let leafHistograms: usize = 0
/** Barrier, counts a thread, best splits a thread. */
export let control: usize = 0
/** This thread's leaf records, look-up table and scratch. */
export let scratch: usize = 0
/** Where the grown tree is written. */
export let output: usize = 0
/** This thread's rows: first place in `rowOrder`, and how many. */
export let ownBegin: i32 = 0
export let ownCount: i32 = 0

export let maxLeaves: i32 = 31
export let maxDepth: i32 = 0
export let minRows: i32 = 20
export let objective: i32 = 0
export let gradientScale: f64 = 1
export let hessianScale: f64 = 1
export let l2: f64 = 0
export let minHessian: f64 = 1e-3
export let learningRate: f64 = 0.1
export let minGain: f64 = 0
/** Level by level instead of best leaf first. */
export let byDepth: bool = false
/** u64 a feature: the interaction groups it belongs to; 0 when all features may meet. */
export let groups: usize = 0
/** i32 a feature: 1 when its bins are categories without order; 0 when there are none. */
export let categorical: usize = 0
/** Added to a category's hessian where categories are put in order. */
export let smoothing: f64 = 0

export function setPlace(t: i32, count: i32, begin: i32, own: i32, rows: i32): void {
  allRows = rows
  thread = t
  threads = count
  ownBegin = begin
  ownCount = own
}

export function setTable(
  featureCount: i32,
  rowStride: i32,
  rows: usize,
  columns: usize,
  bytes: i32,
  bins: usize,
  missing: usize,
  directions: usize,
  mask: usize,
  places: usize,
  set: usize,
): void {
  features = featureCount
  stride = rowStride
  rowBins = rows
  columnBins = columns
  columnBytes = bytes
  binCounts = bins
  missingFlags = missing
  monotone = directions
  allowed = mask
  histogramPlaces = places
  histogramSet = set
}

export function setBuffers(
  order: usize,
  orderScratch: usize,
  packed: usize,
  margin: usize,
  label: usize,
  weight: usize,
  second: usize,
  own: usize,
  pool: usize,
  shared: usize,
  priv: usize,
  tree: usize,
): void {
  rowOrder = order
  rowScratch = orderScratch
  gradients = packed
  scores = margin
  labels = label
  weights = weight
  hessians = second
  threadHistograms = own
  leafHistograms = pool
  control = shared
  scratch = priv + <usize>thread * 196608
  output = tree
}

export function setLimits(
  leaves: i32,
  depth: i32,
  rows: i32,
  kind: i32,
  lambda: f64,
  hessian: f64,
  rate: f64,
  gain: f64,
): void {
  maxLeaves = leaves
  maxDepth = depth
  minRows = rows
  objective = kind
  l2 = lambda
  minHessian = hessian
  learningRate = rate
  minGain = gain
}

export function setGrowth(levels: i32, interactionGroups: usize, categories: usize, smooth: f64): void {
  byDepth = levels != 0
  groups = interactionGroups
  categorical = categories
  smoothing = smooth
}

export function setScales(gradient: f64, hessian: f64): void {
  gradientScale = gradient
  hessianScale = hessian
}

/** The host names the margins to work on (one vector a class) before each tree. */
export function readScores(): void {
  scores = <usize>load<u32>(control + 132)
}

/** All threads meet here: spin briefly, then sleep. */
export function barrier(): void {
  if (threads == 1) return
  const generation = atomic.load<i32>(control + 64)
  if (atomic.add<i32>(control, 1) == threads - 1) {
    atomic.store<i32>(control, 0)
    atomic.add<i32>(control + 64, 1)
    atomic.notify(control + 64, threads)
    return
  }
  for (let spin = 0; spin < 30000; spin++) if (atomic.load<i32>(control + 64) != generation) return
  while (atomic.load<i32>(control + 64) == generation) atomic.wait<i32>(control + 64, generation, -1)
}
