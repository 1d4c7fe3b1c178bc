import { allowed, binCounts, hessianScale, l2, minHessian, minRows, missingFlags, scratch, smoothing } from './state'

// Scratch behind the leaf records: category numbers i32 @132096, their ratios f64 @133120.
const ORDER_AT: usize = 132096
const RATIOS_AT: usize = 133120

/** Puts the categories that have rows in order of gradient over smoothed hessian; gives how many there are. */
function sortCategories(histogram: usize, cells: i32): i32 {
  const smooth = smoothing * hessianScale
  let count = 0
  for (let bin = 0; bin < cells; bin++) {
    const cell = load<i64>(histogram + (<usize>bin << 3))
    if (cell == 0) continue
    const ratio = <f64>(<i32>(cell >> 32)) / (<f64>(<u32>cell) + smooth + 1e-9)
    let at = <usize>count
    while (at > 0 && load<f64>(scratch + RATIOS_AT + ((at - 1) << 3)) > ratio) {
      store<f64>(scratch + RATIOS_AT + (at << 3), load<f64>(scratch + RATIOS_AT + ((at - 1) << 3)))
      store<i32>(scratch + ORDER_AT + (at << 2), load<i32>(scratch + ORDER_AT + ((at - 1) << 2)))
      at--
    }
    store<f64>(scratch + RATIOS_AT + (at << 3), ratio)
    store<i32>(scratch + ORDER_AT + (at << 2), bin)
    count++
  }
  return count
}

/**
 * Best split of a feature without order, as `scanFeature`, with the left categories as bits at 32. For a convex loss the best
 * of all partitions stands among the cuts of the categories sorted by gradient over hessian (Fisher 1958, JASA 53:789), so
 * only these are tried. Missing values are a category; categories without rows here go right.
 */
export function scanCategories(histogram: usize, feature: i32, total: i64, rows: i32, best: usize): void {
  if (!load<u8>(allowed + feature)) return
  const missing = load<i32>(missingFlags + (<usize>feature << 2))
  const bins = load<i32>(binCounts + (<usize>feature << 2))
  const count = sortCategories(histogram, bins + missing)
  const hTotal = <f64>(<u32>total)
  const gTotal = <f64>(<i32>(total >> 32))
  const lambda = l2 * hessianScale
  if (hTotal + lambda <= 0) return
  const leastHessian = max<f64>((<f64>minRows * hTotal) / <f64>rows, minHessian * hessianScale)
  const parent = (gTotal * gTotal) / (hTotal + lambda)
  let highest = load<f64>(best) + parent
  let taken = 0
  let left: i64 = 0
  let leftAtBest: i64 = 0
  for (let i = 0; i < count - 1; i++) {
    left += load<i64>(histogram + (<usize>load<i32>(scratch + ORDER_AT + (<usize>i << 2)) << 3))
    const hLeft = <f64>(<u32>left)
    if (hLeft < leastHessian) continue
    if (hLeft > hTotal - leastHessian) break
    const gLeft = <f64>(<i32>(left >> 32))
    const gRight = gTotal - gLeft
    const score = (gLeft * gLeft) / (hLeft + lambda) + (gRight * gRight) / (hTotal - hLeft + lambda)
    if (score <= highest) continue
    highest = score
    taken = i + 1
    leftAtBest = left
  }
  if (taken == 0) return
  store<f64>(best, highest - parent)
  store<i32>(best, feature, 8)
  store<i32>(best, 0, 12)
  store<i64>(best, leftAtBest, 24)
  memory.fill(best + 32, 0, 32)
  for (let i = 0; i < taken; i++) {
    const bin = load<i32>(scratch + ORDER_AT + (<usize>i << 2))
    const byte = best + 32 + (bin >> 3)
    store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(bin & 7)))
  }
  store<i32>(best, missing ? (load<u8>(best + 32 + (bins >> 3)) >> <u8>(bins & 7)) & 1 : 0, 16)
}
