/**
 * Counts in `bins` bins of equal width from `low` to `high`, the last one closed, as numpy.histogram counts them: a
 * range of one value is widened by a half to either side. Values outside, and NaN, count nowhere.
 */
export function equalWidthCounts(values: Float64Array, low: number, high: number, bins: number): Float64Array {
  const counts = new Float64Array(bins)
  const first = low === high ? low - 0.5 : low
  const last = low === high ? high + 0.5 : high
  const step = (last - first) / bins
  const edge = (bin: number) => (bin === bins ? last : bin * step + first)
  for (const value of values) {
    if (!(value >= first && value <= last)) continue
    let bin = Math.min(bins - 1, Math.floor(((value - first) / (last - first)) * bins))
    if (value < edge(bin)) bin--
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin++
    counts[bin]!++
  }
  return counts
}
