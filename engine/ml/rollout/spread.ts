/** Number, mean and sum of squares about the mean: enough for means, variances and joining. */
export interface Spread {
  readonly n: number
  readonly mean: number
  readonly squares: number
}
export const noSpread: Spread = { n: 0, mean: 0, squares: 0 }

/** One value more (Welford 1962, Technometrics 4:419). */
export function addValue({ n, mean, squares }: Spread, value: number): Spread {
  const step = value - mean
  const moved = mean + step / (n + 1)
  return { n: n + 1, mean: moved, squares: squares + step * (value - moved) }
}

/** Both together (Chan, Golub & LeVeque 1983, The American Statistician 37:242). */
export function joinSpreads(a: Spread, b: Spread): Spread {
  const n = a.n + b.n
  if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a
  const apart = b.mean - a.mean
  return { n, mean: a.mean + (apart * b.n) / n, squares: a.squares + b.squares + (apart * apart * a.n * b.n) / n }
}

/** Divides by n - 1; NaN below two values. */
export const sampleVariance = ({ n, squares }: Spread): number => (n > 1 ? squares / (n - 1) : Number.NaN)
