import { wilson } from '../statistics/wilson.ts'
import { type CalibrationBin, calibrationBins, calibrationCurve } from './calibration.ts'

/** A bin of the reliability diagram with Wilson's interval for its observed share. */
export interface CalibrationInterval extends CalibrationBin {
  readonly low: number
  readonly high: number
}

/**
 * The reliability diagram with intervals. Weighted bins count as many rows as Kish's effective number, (Σw)² / Σw²
 * (Kish 1965, Survey Sampling, 11.7). Where a bin's interval misses its mean prediction, the model is not calibrated there.
 */
export function calibrationIntervals(
  labels: ArrayLike<number>,
  probabilities: Float64Array,
  { weights, bins = 10, confidence = 0.95 }: { weights?: Float64Array; bins?: number; confidence?: number } = {},
): CalibrationInterval[] {
  const assigned = calibrationBins(probabilities, bins)
  const squares = new Float64Array(bins)
  const present = new Uint8Array(bins)
  for (let i = 0; i < probabilities.length; i++) {
    const weight = weights ? weights[i]! : 1
    squares[assigned[i]!]! += weight * weight
    if (weight > 0) present[assigned[i]!] = 1
  }
  const kept = Array.from(squares).filter((_, bin) => present[bin] === 1)
  return calibrationCurve(labels, probabilities, weights, bins, assigned).map((bin, index) => {
    const rows = bin.weight ** 2 / kept[index]!
    const { low = 0, high = 1 } = wilson(Math.min(1, bin.observed) * rows, rows, confidence)
    return { ...bin, low, high }
  })
}
