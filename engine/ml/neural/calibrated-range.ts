/**
 * Which values of an activation int8 keeps apart; what lies outside is cut.
 * - min-max: all. - percentile: all but the share of the largest |x|.
 * - entropy: the |x| that loses least information by Kullback-Leibler divergence between the histogram cut there and the
 *   same in 128 steps (Migacz 2017, "8-bit inference with TensorRT", GTC); the bin of zero counts as its neighbour.
 */
export type Calibration =
  | { readonly kind: 'min-max' }
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'entropy' }

/** [low, high] with low ≤ 0 ≤ high, so that zero is exact. */
export type Range = readonly [number, number]

const binCount = 2_048
const levelCount = 128

export function calibratedRange(values: Float32Array, calibration: Calibration): Range {
  let [low, high] = [0, 0]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const limit = limitOf(values, Math.max(-low, high), calibration)
  return [Math.max(low, -limit), Math.min(high, limit)]
}

function limitOf(values: Float32Array, largest: number, calibration: Calibration): number {
  if (calibration.kind === 'min-max' || largest === 0) return largest
  if (calibration.kind === 'entropy') return entropyLimit(values, largest)
  const sizes = values.map(Math.abs).sort()
  return sizes[Math.max(0, Math.ceil((calibration.percent / 100) * sizes.length) - 1)]!
}

function entropyLimit(values: Float32Array, largest: number): number {
  const histogram = new Float64Array(binCount)
  for (const value of values)
    histogram[Math.min(binCount - 1, Math.floor((Math.abs(value) / largest) * binCount))]! += 1
  // The many zeros behind a relu say nothing about the range.
  histogram[0] = histogram[1]!
  let best = { bins: binCount, divergence: Number.POSITIVE_INFINITY }
  for (let bins = levelCount; bins <= binCount; bins += 16) {
    const divergence = lostInformation(histogram, bins)
    if (divergence < best.divergence) best = { bins, divergence }
  }
  return (best.bins / binCount) * largest
}

/** Divergence between the first bins, with all that lies beyond in the last, and what 128 levels know of the first bins. */
function lostInformation(histogram: Float64Array, bins: number): number {
  const kept = histogram.slice(0, bins)
  const levels = levelled(kept)
  const total = histogram.reduce((sum, count) => sum + count, 0)
  const known = kept.reduce((sum, count) => sum + count, 0)
  kept[bins - 1]! += total - known
  let divergence = 0
  kept.forEach((count, bin) => {
    if (count > 0) divergence += (count / total) * Math.log(count / total / (Math.max(levels[bin]!, 1e-9) / known))
  })
  return divergence
}

/** Each level's count spread evenly over those of its bins that hold something. */
function levelled(counts: Float64Array): Float64Array {
  const spread = new Float64Array(counts.length)
  for (let level = 0; level < levelCount; level++) {
    const from = Math.floor((level * counts.length) / levelCount)
    const to = Math.floor(((level + 1) * counts.length) / levelCount)
    const part = counts.subarray(from, to)
    const share = part.reduce((sum, count) => sum + count, 0) / part.reduce((n, count) => n + (count > 0 ? 1 : 0), 0)
    part.forEach((count, index) => {
      if (count > 0) spread[from + index] = share
    })
  }
  return spread
}
