/** Weighted counts, rows actual and columns predicted, row-major classes x classes. Codes run from 0; weights default to 1. */
export function confusionCounts(
  actual: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights?: Float64Array,
): Float64Array {
  const counts = new Float64Array(classes * classes)
  for (let i = 0; i < actual.length; i++) counts[actual[i]! * classes + predicted[i]!]! += weights ? weights[i]! : 1
  return counts
}

/** The same as nested arrays, as `Performance.confusion` holds it. */
export function confusionRows(counts: Float64Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) => Array.from(counts.subarray(i * classes, (i + 1) * classes)))
}

/**
 * Predicted codes. Two classes with `positive`: positive where its score reaches the threshold. Else the largest score,
 * the first of equals. `scores` is row-major.
 */
export function decide(scores: Float64Array, classes: number, positive?: number, threshold = 0.5): Int32Array {
  const rows = scores.length / classes
  const predicted = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    if (classes === 2 && positive !== undefined) {
      predicted[i] = scores[i * 2 + positive]! >= threshold ? positive : 1 - positive
      continue
    }
    let best = 0
    for (let k = 1; k < classes; k++) if (scores[i * classes + k]! > scores[i * classes + best]!) best = k
    predicted[i] = best
  }
  return predicted
}
