import { incompleteBeta, logBeta } from './beta.ts'
import { invertCdf } from './invert.ts'

/** Fisher's F distribution: I_{d1 x / (d1 x + d2)}(d1 / 2, d2 / 2). */
function tails(x: number, d1: number, d2: number) {
  const scaled = d1 * x
  return incompleteBeta(d1 / 2, d2 / 2, scaled / (scaled + d2), d2 / (scaled + d2))
}

export const fCdf = (x: number, d1: number, d2: number) => (x > 0 ? tails(x, d1, d2).lower : 0)
export const fTail = (x: number, d1: number, d2: number) => (x > 0 ? tails(x, d1, d2).upper : 1)

export function fQuantile(p: number, d1: number, d2: number): number {
  const constant = (d1 / 2) * Math.log(d1 / d2) - logBeta(d1 / 2, d2 / 2)
  const density = (x: number) =>
    Math.exp(constant + (d1 / 2 - 1) * Math.log(x) - ((d1 + d2) / 2) * Math.log1p((d1 * x) / d2))
  return invertCdf(p, (x) => tails(x, d1, d2), density, 0, Number.POSITIVE_INFINITY, 1)
}
