/** Row numbers by rising value; equal values keep their order. */
export function sortedOrder(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values.keys())
  return order.sort((i, j) => values[i]! - values[j]! || i - j)
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function midranks(values: Float64Array, order = sortedOrder(values)): Float64Array {
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    const rank = (from + 1 + to) / 2
    for (let k = from; k < to; k++) ranks[order[k]!] = rank
    from = to
  }
  return ranks
}

/** Sizes of the runs of equal values, longest information the tie corrections need: Σ (t³ - t). */
export function tieSum(values: Float64Array): number {
  const sorted = values.slice().sort()
  let sum = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1
    while (to < sorted.length && sorted[to] === sorted[from]) to++
    const t = to - from
    sum += t * t * t - t
    from = to
  }
  return sum
}
