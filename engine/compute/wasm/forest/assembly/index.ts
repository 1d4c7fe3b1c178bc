// Grows one tree of a forest, depth first, on binned columns. A tree is grown by one thread, so sums run in one order.
// Breiman 2001 (doi 10.1023/A:1010933404324); with random thresholds Geurts et al. 2006 (doi 10.1007/s10994-006-6226-1).
// The score of a split is sum over sides and outputs of S²/W: for one output that is variance reduction, for class
// indicators Gini.
//
// Node record, 40 bytes: feature i32 (-1 leaf), last left bin i32 @4, missing left i32 @8, left i32 @12, right i32 @16,
// weight f64 @24, gain f64 @32; values (outputs f64) stand apart. Stack record, 16 bytes: node, begin, end, depth.
const NODE_BYTES: usize = 40
const SMALL: i32 = 48

let features: i32 = 0
let rows: i32 = 0
let outputs: i32 = 1
/** u8 column-major; i32 a feature: bins without the missing one; 1 when it has missing values. */
let columns: usize = 0
let binCounts: usize = 0
let missingFlags: usize = 0
/** f64 a row (one output) or u8 class a row (several). */
let targets: usize = 0
/** f64 a row: bootstrap count times weight of this tree. */
let weights: usize = 0
let order: usize = 0
let parked: usize = 0
let stack: usize = 0
let nodes: usize = 0
let values: usize = 0
/** (outputs + 1) f64 a bin, and the same for running sums. */
let histogram: usize = 0
let featureOrder: usize = 0
let mostNodes: i32 = 0

let tryFeatures: i32 = 0
let maxDepth: i32 = 0
let minLeaf: f64 = 1
let minSplit: f64 = 2
let randomThresholds: bool = false
let state: u64 = 0

export function setTable(f: i32, n: i32, k: i32, bins: usize, counts: usize, missing: usize, target: usize, most: i32): void {
  features = f
  rows = n
  outputs = k
  columns = bins
  binCounts = counts
  missingFlags = missing
  targets = target
  mostNodes = most
}

export function setBuffers(weight: usize, rowOrder: usize, scratch: usize, pending: usize, out: usize, outValues: usize, cells: usize, featureList: usize): void {
  weights = weight
  order = rowOrder
  parked = scratch
  stack = pending
  nodes = out
  values = outValues
  histogram = cells
  featureOrder = featureList
}

export function setLimits(mtry: i32, depth: i32, leaf: f64, split: f64, extra: bool): void {
  tryFeatures = mtry
  maxDepth = depth
  minLeaf = leaf
  minSplit = split
  randomThresholds = extra
}

/** SplitMix64, Steele et al. 2014. */
function nextRandom(): u64 {
  state += 0x9e3779b97f4a7c15
  let z = state
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  return z ^ (z >> 31)
}

// @ts-ignore: AssemblyScript decorator
@inline
function below(bound: i32): i32 {
  return <i32>((<u64>(<u32>(nextRandom() >> 32)) * <u64>bound) >> 32)
}

// @ts-ignore: AssemblyScript decorator
@inline
function cellAt(bin: i32): usize {
  return histogram + <usize>bin * <usize>(outputs + 1) * 8
}

/** A cell is a few numbers: clearing them one by one takes less time than a call. */
// @ts-ignore: AssemblyScript decorator
@inline
function clearCell(cell: usize): void {
  for (let k = 0; k <= outputs; k++) store<f64>(cell + (<usize>k << 3), 0)
}

// @ts-ignore: AssemblyScript decorator
@inline
function addRow(cell: usize, row: usize): void {
  const weight = load<f64>(weights + (row << 3))
  store<f64>(cell, load<f64>(cell) + weight)
  if (outputs == 1) store<f64>(cell, load<f64>(cell, 8) + weight * load<f64>(targets + (row << 3)), 8)
  else {
    const at = cell + 8 + (<usize>load<u8>(targets + row) << 3)
    store<f64>(at, load<f64>(at) + weight)
  }
}

/** S²/W summed over outputs. */
function score(cell: usize): f64 {
  const weight = load<f64>(cell)
  if (weight <= 0) return 0
  let sum = 0.0
  for (let k = 1; k <= outputs; k++) {
    const s = load<f64>(cell + (<usize>k << 3))
    sum += s * s
  }
  return sum / weight
}

// The best split of the node at hand.
let bestScore: f64 = 0
let bestFeature: i32 = -1
let bestBin: i32 = 0
let bestMissing: i32 = 0

/** Bins 256 to 260 of the histogram are scratch: left sums, right sums, totals, missing sums. */
const LEFT: i32 = 256
const RIGHT: i32 = 257
const TOTAL: i32 = 258

function combine(into: i32, a: usize, b: usize, sign: f64): void {
  const target = cellAt(into)
  for (let k = 0; k <= outputs; k++) {
    const o = <usize>k << 3
    store<f64>(target + o, load<f64>(a + o) + sign * load<f64>(b + o))
  }
}

function consider(feature: i32, bin: i32, missingLeft: i32): void {
  combine(RIGHT, cellAt(TOTAL), cellAt(LEFT), -1)
  if (load<f64>(cellAt(LEFT)) < minLeaf || load<f64>(cellAt(RIGHT)) < minLeaf) return
  const own = score(cellAt(LEFT)) + score(cellAt(RIGHT))
  if (own <= bestScore) return
  bestScore = own
  bestFeature = feature
  bestBin = bin
  bestMissing = missingLeft
}

function scanHistogram(feature: i32, low: i32, high: i32): void {
  const bins = load<i32>(binCounts + (<usize>feature << 2))
  const missing = load<i32>(missingFlags + (<usize>feature << 2)) && load<f64>(cellAt(bins)) > 0
  const only = randomThresholds && high > low ? low + below(high - low) : -1
  for (let pass = 0; pass <= <i32>missing; pass++) {
    clearCell(cellAt(LEFT))
    if (pass) combine(LEFT, cellAt(LEFT), cellAt(bins), 1)
    const last = missing && !pass ? high : high - 1
    for (let bin = low; bin <= last; bin++) {
      const cell = cellAt(bin)
      if (load<f64>(cell) == 0) continue
      combine(LEFT, cellAt(LEFT), cell, 1)
      if (only < 0 || bin == only || (bin > only && only >= 0)) {
        consider(feature, only < 0 ? bin : max<i32>(only, bin), pass)
        if (only >= 0) break
      }
    }
  }
}

/** Fills the histogram of a feature over the node's rows and looks for its best split; false when it is constant here. */
function tryFeature(feature: i32, begin: i32, end: i32): bool {
  const column = columns + <usize>feature * <usize>rows
  const bins = load<i32>(binCounts + (<usize>feature << 2))
  let low = 255
  let high = -1
  let hasMissing = false
  if (end - begin > SMALL) memory.fill(histogram, 0, <usize>(bins + 1) * <usize>(outputs + 1) * 8)
  else {
    // few rows: clear only the cells they touch
    for (let place = order + (<usize>begin << 2), stop = order + (<usize>end << 2); place < stop; place += 4) {
      clearCell(cellAt(<i32>load<u8>(column + <usize>load<u32>(place))))
    }
  }
  for (let place = order + (<usize>begin << 2), stop = order + (<usize>end << 2); place < stop; place += 4) {
    const row = <usize>load<u32>(place)
    const bin = <i32>load<u8>(column + row)
    addRow(cellAt(bin), row)
    if (bin == bins) {
      hasMissing = true
      continue
    }
    low = min<i32>(low, bin)
    high = max<i32>(high, bin)
  }
  if (high < 0 || (low == high && !hasMissing)) return false
  if (end - begin > SMALL) scanHistogram(feature, low, high)
  else scanSorted(feature, column, bins, begin, end, low, high, hasMissing)
  return true
}

/** Few rows: visit only their distinct bins, sorted by insertion in scratch. */
function scanSorted(feature: i32, column: usize, bins: i32, begin: i32, end: i32, low: i32, high: i32, hasMissing: bool): void {
  const list = featureOrder + (<usize>features << 2)
  let count = 0
  for (let i = begin; i < end; i++) {
    const bin = <i32>load<u8>(column + <usize>load<u32>(order + (<usize>i << 2)))
    if (bin == bins) continue
    let at = count
    while (at > 0 && <i32>load<u8>(list + at - 1) > bin) at--
    if (at > 0 && <i32>load<u8>(list + at - 1) == bin) continue
    for (let later = count; later > at; later--) store<u8>(list + later, load<u8>(list + later - 1))
    store<u8>(list + at, <u8>bin)
    count++
  }
  const only = randomThresholds && high > low ? low + below(high - low) : -1
  for (let pass = 0; pass <= <i32>hasMissing; pass++) {
    clearCell(cellAt(LEFT))
    if (pass) combine(LEFT, cellAt(LEFT), cellAt(bins), 1)
    const last = hasMissing && !pass ? count : count - 1
    for (let i = 0; i < last; i++) {
      const bin = <i32>load<u8>(list + i)
      combine(LEFT, cellAt(LEFT), cellAt(bin), 1)
      if (only >= 0) {
        const next = i + 1 < count ? <i32>load<u8>(list + i + 1) : 256
        if (next <= only) continue
        consider(feature, max<i32>(only, bin), pass)
        break
      }
      consider(feature, bin, pass)
    }
  }
}

function partition(begin: i32, end: i32): i32 {
  const column = columns + <usize>bestFeature * <usize>rows
  const bins = load<i32>(binCounts + (<usize>bestFeature << 2))
  let left = order + (<usize>begin << 2)
  let right = parked
  const stop = order + (<usize>end << 2)
  for (let place = left; place < stop; place += 4) {
    const row = load<u32>(place)
    const bin = <i32>load<u8>(column + <usize>row)
    const move: usize = (bin == bins ? bestMissing : <i32>(bin <= bestBin)) ? 4 : 0
    store<u32>(left, row)
    store<u32>(right, row)
    left += move
    right += 4 - move
  }
  memory.copy(left, parked, right - parked)
  return <i32>((left - order) >> 2)
}

function sumNode(begin: i32, end: i32): void {
  memory.fill(cellAt(TOTAL), 0, <usize>(outputs + 1) * 8)
  for (let place = order + (<usize>begin << 2), stop = order + (<usize>end << 2); place < stop; place += 4) addRow(cellAt(TOTAL), <usize>load<u32>(place))
}

function isPure(): bool {
  const total = cellAt(TOTAL)
  if (outputs == 1) return false
  for (let k = 1; k <= outputs; k++) if (load<f64>(total + (<usize>k << 3)) == load<f64>(total)) return true
  return false
}

/** Looks through random features until `tryFeatures` of them vary here. */
function searchNode(begin: i32, end: i32): void {
  bestFeature = -1
  bestScore = score(cellAt(TOTAL)) * (1 + 1e-12) + 1e-12
  let tried = 0
  for (let i = 0; i < features && tried < tryFeatures; i++) {
    const pick = i + below(features - i)
    const a = featureOrder + (<usize>i << 2)
    const b = featureOrder + (<usize>pick << 2)
    const feature = load<i32>(b)
    store<i32>(b, load<i32>(a))
    store<i32>(a, feature)
    if (tryFeature(feature, begin, end)) tried++
  }
}

function writeNode(node: i32): void {
  const record = nodes + <usize>node * NODE_BYTES
  const total = cellAt(TOTAL)
  memory.fill(record, 0, NODE_BYTES)
  store<i32>(record, -1)
  store<f64>(record, load<f64>(total), 24)
  for (let k = 0; k < outputs; k++) store<f64>(values + <usize>(node * outputs + k) * 8, load<f64>(total + (<usize>(k + 1) << 3)) / load<f64>(total))
}

function push(top: i32, node: i32, begin: i32, end: i32, depth: i32): void {
  const record = stack + (<usize>top << 4)
  store<i32>(record, node)
  store<i32>(record, begin, 4)
  store<i32>(record, end, 8)
  store<i32>(record, depth, 12)
}

/** Grows a tree on the `count` rows of the order whose weight is above 0; gives the number of nodes. */
export function growTree(seed: u64, count: i32): i32 {
  state = seed
  for (let f = 0; f < features; f++) store<i32>(featureOrder + (<usize>f << 2), f)
  let made = 1
  let top = 1
  push(0, 0, 0, count, 0)
  while (top > 0) {
    top--
    const record = stack + (<usize>top << 4)
    const node = load<i32>(record)
    const begin = load<i32>(record, 4)
    const end = load<i32>(record, 8)
    const depth = load<i32>(record, 12)
    sumNode(begin, end)
    writeNode(node)
    const parent = score(cellAt(TOTAL))
    if ((maxDepth > 0 && depth >= maxDepth) || load<f64>(cellAt(TOTAL)) < minSplit || isPure() || made + 2 > mostNodes) continue
    searchNode(begin, end)
    if (bestFeature < 0) continue
    const middle = partition(begin, end)
    const out = nodes + <usize>node * NODE_BYTES
    store<i32>(out, bestFeature)
    store<i32>(out, bestBin, 4)
    store<i32>(out, bestMissing, 8)
    store<i32>(out, made, 12)
    store<i32>(out, made + 1, 16)
    store<f64>(out, bestScore - parent, 32)
    push(top++, made + 1, middle, end, depth + 1)
    push(top++, made, begin, middle, depth + 1)
    made += 2
  }
  return made
}
