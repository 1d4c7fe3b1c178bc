export interface SequentialDifference {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Valid at whatever look one stops. */
  readonly pValue: number
}

/**
 * A difference with an interval and a p-value that hold at every look at once: the mixture sequential probability ratio test
 * with a normal mixture (Johari, Koomen, Pekelis & Walsh 2022, Operations Research 70:1806, equations 8 and 10). With the
 * variance V of the estimate and the mixture's variance τ², the ratio is √(V / (V + τ²)) exp(τ² θ² / (2 V (V + τ²))).
 * It stands on the normal limit: a few dozen values of each sample at least. `scale` is τ, the size of difference that one
 * looks for: there the interval is narrowest.
 */
export function differenceSequence(
  a: { readonly difference: number; readonly variance: number; readonly scale: number },
  alpha = 0.05,
): SequentialDifference {
  const { difference: value, variance, scale } = a
  if (!(variance > 0)) return { value, low: value, high: value, pValue: value === 0 ? 1 : 0 }
  const mixture = scale * scale
  const total = variance + mixture
  const half = Math.sqrt(((variance * total) / mixture) * (Math.log(total / variance) - 2 * Math.log(alpha)))
  const logRatio = 0.5 * Math.log(variance / total) + (mixture * value * value) / (2 * variance * total)
  return { value, low: value - half, high: value + half, pValue: Math.min(1, Math.exp(-logRatio)) }
}
