import type { Matrix } from '../matrix.ts'

/**
 * How uncertain a model is of each row (Settles 2009, "Active learning literature survey", 3.1); larger is more
 * uncertain, so that all three rank alike for two classes:
 * - least-confident: 1 - p₁, with p₁ the largest probability;
 * - margin: 1 - (p₁ - p₂);
 * - entropy: -Σ p ln p, in nats.
 */
export type Uncertainty = 'least-confident' | 'margin' | 'entropy'

/** `probabilities` is [rows, classes]; with a single class nothing is uncertain. */
export function uncertainty(probabilities: Matrix, kind: Uncertainty): Float64Array {
  const { rows, columns, values } = probabilities
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let first = 0
    let second = 0
    let entropy = 0
    for (let at = i * columns; at < (i + 1) * columns; at++) {
      const p = values[at]!
      if (p > first) {
        second = first
        first = p
      } else if (p > second) second = p
      if (p > 0) entropy -= p * Math.log(p)
    }
    out[i] = kind === 'entropy' ? Math.max(0, entropy) : 1 - first + (kind === 'margin' ? second : 0)
  }
  return out
}
