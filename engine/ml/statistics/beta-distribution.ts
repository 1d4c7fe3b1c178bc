import { incompleteBeta, logBeta } from './beta.ts'
import { invertCdf } from './invert.ts'

/** Beta distribution; its quantile also gives Clopper-Pearson limits. */
export const betaCdf = (x: number, a: number, b: number) => incompleteBeta(a, b, x).lower

export function betaQuantile(p: number, a: number, b: number): number {
  const constant = logBeta(a, b)
  const density = (x: number) => Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - constant)
  return invertCdf(p, (x) => incompleteBeta(a, b, x), density, 0, 1, a / (a + b))
}
