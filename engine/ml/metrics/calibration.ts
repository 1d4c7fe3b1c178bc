/** One bin of predicted probabilities that has rows. */
export interface CalibrationBin {
  readonly predicted: number
  readonly observed: number
  readonly weight: number
  readonly rows: number
}

/** Bin of each probability: `bins` equal widths over [0, 1], closed on the right, as scikit-learn's calibration_curve. */
export function calibrationBins(probabilities: Float64Array, bins = 10): Uint8Array {
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => i / bins)
  return Uint8Array.from(probabilities, (p) => {
    let bin = Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1))
    while (bin > 0 && p <= edges[bin]!) bin--
    while (bin < bins - 1 && p > edges[bin + 1]!) bin++
    return bin
  })
}

/** Reliability diagram (DeGroot & Fienberg 1983, The Statistician 32:12); empty bins are left out. */
export function calibrationCurve(
  labels: ArrayLike<number>,
  probabilities: Float64Array,
  weights?: Float64Array,
  bins = 10,
  assigned = calibrationBins(probabilities, bins),
): CalibrationBin[] {
  const sums = new Float64Array(bins * 4)
  for (let i = 0; i < probabilities.length; i++) {
    const weight = weights ? weights[i]! : 1
    if (weight === 0) continue
    const at = assigned[i]! * 4
    sums[at]! += weight * probabilities[i]!
    sums[at + 1]! += labels[i] === 1 ? weight : 0
    sums[at + 2]! += weight
    sums[at + 3]!++
  }
  const curve: CalibrationBin[] = []
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at + 2]!
    if (weight > 0)
      curve.push({ predicted: sums[at]! / weight, observed: sums[at + 1]! / weight, weight, rows: sums[at + 3]! })
  }
  return curve
}

/** Expected calibration error: Σ share of the bin x |observed - predicted| (Naeini, Cooper & Hauskrecht 2015, AAAI). */
export function calibrationError(curve: readonly CalibrationBin[]): number {
  let sum = 0
  let all = 0
  for (const { predicted, observed, weight } of curve) {
    sum += weight * Math.abs(observed - predicted)
    all += weight
  }
  return sum / all
}
