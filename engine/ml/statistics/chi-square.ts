import { incompleteGamma, logGamma } from './gamma.ts'
import { invertCdf } from './invert.ts'
import { normalQuantile } from './normal.ts'

/** Chi-square distribution with `degrees` degrees of freedom: P(degrees / 2, x / 2). */
export const chiSquareCdf = (x: number, degrees: number) => incompleteGamma(degrees / 2, x / 2).lower
export const chiSquareTail = (x: number, degrees: number) => incompleteGamma(degrees / 2, x / 2).upper

export function chiSquareQuantile(p: number, degrees: number): number {
  const half = degrees / 2
  const density = (x: number) => 0.5 * Math.exp((half - 1) * Math.log(x / 2) - x / 2 - logGamma(half))
  const wilsonHilferty = degrees * (1 - 2 / (9 * degrees) + normalQuantile(p) * Math.sqrt(2 / (9 * degrees))) ** 3
  const small = 2 * Math.exp((Math.log(p) + logGamma(half + 1)) / half)
  const start = wilsonHilferty > 0.01 * degrees ? wilsonHilferty : small
  return invertCdf(p, (x) => incompleteGamma(half, x / 2), density, 0, Number.POSITIVE_INFINITY, start)
}
