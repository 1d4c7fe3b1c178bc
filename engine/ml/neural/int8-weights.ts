/** Weights as int8 with one step an output channel: weight ≈ value · scale of its channel. */
export interface Int8Weights {
  readonly values: Int8Array
  readonly scales: Float32Array
}

/**
 * Symmetric, per channel: scale = max |w| / 127 (Krishnamoorthi 2018, arXiv 1806.08342). `axis` of the channel: 0 for
 * filters [filters, ...], 1 for dense weights [inputs, units].
 */
export function int8Weights(weights: Float32Array, channels: number, axis: 0 | 1): Int8Weights {
  const each = weights.length / channels
  const channelOf = (index: number) => (axis === 0 ? Math.floor(index / each) : index % channels)
  const scales = new Float32Array(channels)
  weights.forEach((weight, index) => {
    const channel = channelOf(index)
    scales[channel] = Math.max(scales[channel]!, Math.abs(weight) / 127)
  })
  const steps = scales.map((scale) => scale || 1)
  const values = Int8Array.from(weights, (weight, index) => {
    const whole = Math.round(weight / steps[channelOf(index)]!)
    return Math.max(-127, Math.min(127, whole))
  })
  return { values, scales: steps }
}
