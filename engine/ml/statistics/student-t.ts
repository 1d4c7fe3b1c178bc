import { incompleteBeta, logBeta } from './beta.ts'
import { invertCdf } from './invert.ts'
import { normalQuantile } from './normal.ts'

/** Student's t distribution: P(|T| > |t|) = I_{ν/(ν+t²)}(ν/2, 1/2). */
function tails(t: number, degrees: number) {
  const square = t * t
  const { lower } = incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square))
  return t < 0 ? { lower: 0.5 * lower, upper: 1 - 0.5 * lower } : { lower: 1 - 0.5 * lower, upper: 0.5 * lower }
}

export const studentTCdf = (t: number, degrees: number) => tails(t, degrees).lower
/** P(|T| > |t|). */
export const studentTTwoSided = (t: number, degrees: number) => 2 * tails(-Math.abs(t), degrees).lower

export function studentTQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0
  const constant = logBeta(degrees / 2, 0.5) + 0.5 * Math.log(degrees)
  const density = (t: number) => Math.exp(-constant - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees))
  return invertCdf(
    p,
    (t) => tails(t, degrees),
    density,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    normalQuantile(p),
  )
}
