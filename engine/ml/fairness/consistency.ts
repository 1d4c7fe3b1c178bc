import type { Matrix } from '../matrix.ts'

/**
 * Consistency (Zemel et al. 2013, ICML): 1 - mean |decision - mean decision of the k nearest rows|, Euclidean, each row its
 * own first neighbour as in aif360; the earlier row is the nearer of equals. 1 when similar people are treated alike.
 * Time grows with the square of the rows.
 */
export function consistency(
  features: Matrix,
  favourable: Uint8Array,
  neighbours = 5,
  onRow: (row: number) => void = () => {},
): number {
  const { rows } = features
  const k = Math.min(neighbours, rows)
  const nearest = new Uint32Array(k)
  const distances = new Float64Array(k)
  let sum = 0
  for (let row = 0; row < rows; row++) {
    onRow(row)
    nearestRows(features, row, nearest, distances)
    let favoured = 0
    for (const other of nearest) favoured += favourable[other]!
    sum += Math.abs(favourable[row]! - favoured / k)
  }
  return 1 - sum / rows
}

/** Fills `nearest` with the rows closest to `row`, nearest first, by insertion. */
export function nearestRows(
  { values, rows, columns }: Matrix,
  row: number,
  nearest: Uint32Array,
  distances: Float64Array,
  allowed: (other: number) => boolean = () => true,
): number {
  const k = nearest.length
  let found = 0
  const from = row * columns
  for (let other = 0; other < rows; other++) {
    if (!allowed(other)) continue
    const limit = found < k ? Number.POSITIVE_INFINITY : distances[k - 1]!
    let distance = 0
    for (let j = 0, at = other * columns; j < columns && distance < limit; j++) {
      const gap = values[at + j]! - values[from + j]!
      distance += gap * gap
    }
    if (distance >= limit) continue
    let place = found < k ? found++ : k - 1
    for (; place > 0 && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!
      nearest[place] = nearest[place - 1]!
    }
    distances[place] = distance
    nearest[place] = other
  }
  return found
}
