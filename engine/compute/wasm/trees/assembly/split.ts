import {
  allowed,
  binCounts,
  columnBins,
  columnBytes,
  gradientScale,
  hessianScale,
  l2,
  minGain,
  minHessian,
  minRows,
  missingFlags,
  monotone,
  rowOrder,
  rowScratch,
} from './state'

/** Moves the left rows of a leaf to its front, stably and without branches: `table` says 4 for left, 0 for right, by bin. */
export function partition(begin: i32, count: i32, feature: i32, table: usize): i32 {
  const column = columnBins + <usize>feature * columnBytes
  let place = rowOrder + ((<usize>begin) << 2)
  const end = place + ((<usize>count) << 2)
  let left = place
  const parked = rowScratch + ((<usize>begin) << 2)
  let right = parked
  for (; place < end; place += 4) {
    const row = load<u32>(place)
    const move = <usize>load<u8>(table + load<u8>(column + row))
    store<u32>(left, row)
    store<u32>(right, row)
    left += move
    right += 4 - move
  }
  memory.copy(left, parked, right - parked)
  return <i32>((left - rowOrder) >> 2) - begin
}

/** The leaf value that minimises the second-order loss, kept within the leaf's monotone bounds; 0 on no curvature. */
export function leafValue(total: i64, low: f64, high: f64): f64 {
  const curvature = <f64>(<u32>total) / hessianScale + l2
  const value = curvature > 0 ? -(<f64>(<i32>(total >> 32)) / gradientScale) / curvature : 0
  return min<f64>(max<f64>(value, low), high)
}

/** Whether left and right values obey the feature's direction. */
function obeys(direction: i32, left: i64, total: i64, low: f64, high: f64): bool {
  if (direction == 0) return true
  const difference = leafValue(total - left, low, high) - leafValue(left, low, high)
  return direction > 0 ? difference >= 0 : difference <= 0
}

/**
 * Best split of one feature, written over the record at `best` when it is better: gain f64, feature, last left bin,
 * missing goes left i32, left sums i64. Missing values are tried on both sides. Behind an empty bin the sums are those before
 * it, so where most are empty they are passed over; but the first with missing values on the left, which alone has these there.
 * Gain = GL²/(HL+l2) + GR²/(HR+l2) - G²/(H+l2) (Chen and Guestrin, XGBoost, 2016, eq. 7, without the half).
 */
export function scanFeature(
  histogram: usize,
  feature: i32,
  total: i64,
  rows: i32,
  low: f64,
  high: f64,
  best: usize,
): void {
  if (!load<u8>(allowed + feature)) return
  const bins = load<i32>(binCounts + ((<usize>feature) << 2))
  const missing = load<i32>(missingFlags + ((<usize>feature) << 2))
  const direction = load<i32>(monotone + ((<usize>feature) << 2))
  const hTotal = <f64>(<u32>total)
  const gTotal = <f64>(<i32>(total >> 32))
  const lambda = l2 * hessianScale
  if (hTotal + lambda <= 0) return
  const leastHessian = max<f64>((<f64>minRows * hTotal) / <f64>rows, minHessian * hessianScale)
  const mostHessian = hTotal - leastHessian
  const parent = (gTotal * gTotal) / (hTotal + lambda)
  let highest = load<f64>(best) + parent
  const sparse = 6 * rows < bins
  for (let pass = 0; pass <= missing; pass++) {
    let left: i64 = pass ? load<i64>(histogram + ((<usize>bins) << 3)) : 0
    const last = missing && !pass ? bins : bins - 1
    for (let bin = 0; bin < last; bin++) {
      const cell = load<i64>(histogram + ((<usize>bin) << 3))
      if (sparse && cell == 0 && (bin > 0 || !pass)) continue
      left += cell
      const hLeft = <f64>(<u32>left)
      if (hLeft < leastHessian) continue
      if (hLeft > mostHessian) break
      const gLeft = <f64>(<i32>(left >> 32))
      const gRight = gTotal - gLeft
      const a = hLeft + lambda
      const b = hTotal - hLeft + lambda
      const score = (gLeft * gLeft * b + gRight * gRight * a) / (a * b)
      if (score <= highest || !obeys(direction, left, total, low, high)) continue
      highest = score
      store<f64>(best, score - parent)
      store<i32>(best, feature, 8)
      store<i32>(best, bin, 12)
      store<i32>(best, pass, 16)
      store<i64>(best, left, 24)
    }
  }
}

/** Smallest gain a split must have, in the fixed-point units of `scanFeature`. */
export function leastGain(): f64 {
  return max<f64>((minGain * gradientScale * gradientScale) / hessianScale, 1e-10)
}
