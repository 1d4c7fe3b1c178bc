/**
 * The x in [low, high] with cdf(x) = p, by Newton steps kept inside a shrinking bracket. `cdf` gives both tails, and the
 * smaller one is matched, so that quantiles far out keep their digits. `high` may be Infinity.
 */
export function invertCdf(
  p: number,
  cdf: (x: number) => { readonly lower: number; readonly upper: number },
  density: (x: number) => number,
  low: number,
  high: number,
  start: number,
): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0) return low
  if (p === 1) return high
  const excess = (x: number) => (p < 0.5 ? cdf(x).lower - p : 1 - p - cdf(x).upper)
  let from = low
  let to = high
  let x = start
  for (let step = 0; step < 500; step++) {
    const gap = excess(x)
    if (gap === 0) return x
    if (gap > 0) to = x
    else from = x
    let next = x - gap / density(x)
    if (!(next > from && next < to)) next = middle(from, to, x)
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x) || next === x) return next
    x = next
  }
  return x
}

function middle(from: number, to: number, x: number): number {
  if (to === Number.POSITIVE_INFINITY) return from === Number.NEGATIVE_INFINITY ? x + 1 : Math.max(2 * x, x + 1)
  if (from === Number.NEGATIVE_INFINITY) return Math.min(2 * x, x - 1)
  if (from > 0 && to > 100 * from) return Math.sqrt(from * to)
  return (from + to) / 2
}
