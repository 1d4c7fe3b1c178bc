import { logGamma } from './gamma.ts'

/** ln B(a, b). */
export const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b)

/**
 * Regularised incomplete beta function I_x(a, b), lower and upper (DLMF 8.17): continued fraction 8.17.22 by Lentz's
 * method on the side where it converges fast. `y` is 1 - x, given apart so that it may be tiny without losing digits.
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y = 1 - x,
): { readonly lower: number; readonly upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (!(y > 0)) return { lower: 1, upper: 0 }
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b))
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (front * fraction(a, b, x)) / a)
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, (front * fraction(b, a, y)) / b)
  return { lower: 1 - upper, upper }
}

function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guarded(1 + even * d)
    c = guarded(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guarded(1 + odd * d)
    c = guarded(1 + odd / c)
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return h
}

const guarded = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value)
