import type { Matrix } from '../matrix.ts'
import { fitGaussianProcess, type GaussianProcess } from './gaussian-process.ts'

const startLengths = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
const noises = [1e-6, 1e-3, 1e-1]
const factors = [0.4, 2.5, 6]

/**
 * A process whose lengths and noise make the observations likely: the best of a few common lengths and noises, then
 * each column's length in turn. The variance has a closed form for given lengths, y' R⁻¹ y / n (Rasmussen & Williams
 * 2006, 5.4.1), so it is not searched. Undefined where no candidate fits.
 */
export function fitCovariance(x: Matrix, y: Float64Array): GaussianProcess | undefined {
  let best: GaussianProcess | undefined
  const consider = (lengths: Float64Array, noise: number) => {
    const process = profile(x, y, lengths, noise)
    if (process && process.logLikelihood > (best?.logLikelihood ?? Number.NEGATIVE_INFINITY)) best = process
  }
  for (const length of startLengths)
    for (const noise of noises) consider(new Float64Array(x.columns).fill(length), noise)
  if (!best) return undefined
  const ratio = best.covariance.noise / best.covariance.variance
  for (let column = 0; column < x.columns; column++) {
    const { lengths } = best.covariance
    for (const factor of factors) {
      const changed = Float64Array.from(lengths)
      changed[column]! *= factor
      consider(changed, ratio)
    }
  }
  return best
}

/** The process with the most likely variance; `noise` is in units of that variance. */
function profile(x: Matrix, y: Float64Array, lengths: Float64Array, noise: number): GaussianProcess | undefined {
  const unit = fitGaussianProcess(x, y, { variance: 1, lengths, noise })
  if (!unit) return undefined
  const n = x.rows
  let square = 0
  for (let i = 0; i < n; i++) square += y[i]! * unit.weights[i]!
  const variance = Math.max(square / n, 1e-12)
  const root = Math.sqrt(variance)
  return {
    covariance: { variance, lengths, noise: noise * variance },
    x,
    factor: unit.factor.map((value) => value * root),
    weights: unit.weights.map((value) => value / variance),
    logLikelihood: unit.logLikelihood + 0.5 * square - 0.5 * (n * Math.log(variance) + square / variance),
  }
}
