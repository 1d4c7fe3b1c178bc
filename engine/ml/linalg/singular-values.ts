import type { Matrix } from '../matrix.ts'
import { dot } from './products.ts'

/** A = U diag(values) V'; values fall, and U has zero columns where a value is 0. */
export interface SingularValues {
  readonly u: Matrix
  readonly values: Float64Array
  readonly v: Matrix
}

/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; de Rijk 1989): slow for large matrices, but
 * small singular values come out to full relative accuracy. Meant for the p x p triangle of a QR.
 */
export function singularValues(a: Matrix): SingularValues {
  const { rows, columns } = a
  const work = transposed(a)
  const turns = new Float64Array(columns * columns)
  for (let j = 0; j < columns; j++) turns[j * columns + j] = 1
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false
    for (let p = 0; p < columns - 1; p++)
      for (let q = p + 1; q < columns; q++) if (orthogonalise(work, rows, turns, columns, p, q)) rotated = true
    if (!rotated) break
  }
  return sorted(work, rows, turns, columns)
}

function transposed(a: Matrix): Float64Array {
  const out = new Float64Array(a.values.length)
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) out[j * a.rows + i] = a.values[i * a.columns + j]!
  return out
}

function orthogonalise(work: Float64Array, rows: number, turns: Float64Array, n: number, p: number, q: number) {
  let alpha = 0
  let beta = 0
  let gamma = 0
  for (let i = 0; i < rows; i++) {
    const x = work[p * rows + i]!
    const y = work[q * rows + i]!
    alpha += x * x
    beta += y * y
    gamma += x * y
  }
  if (gamma === 0 || Math.abs(gamma) <= 1e-16 * Math.sqrt(alpha * beta)) return false
  const zeta = (beta - alpha) / (2 * gamma)
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  rotateRows(work, rows, p, q, cosine, cosine * tangent)
  rotateRows(turns, n, p, q, cosine, cosine * tangent)
  return Math.abs(gamma) > 1e-15 * Math.sqrt(alpha * beta)
}

function rotateRows(a: Float64Array, length: number, p: number, q: number, cosine: number, sine: number) {
  for (let i = 0; i < length; i++) {
    const x = a[p * length + i]!
    const y = a[q * length + i]!
    a[p * length + i] = cosine * x - sine * y
    a[q * length + i] = sine * x + cosine * y
  }
}

function sorted(work: Float64Array, rows: number, turns: Float64Array, n: number): SingularValues {
  const norms = Float64Array.from({ length: n }, (_, j) => {
    const column = work.subarray(j * rows, (j + 1) * rows)
    return Math.sqrt(dot(column, column))
  })
  const order = Array.from(norms.keys()).sort((i, j) => norms[j]! - norms[i]!)
  const u = new Float64Array(rows * n)
  const v = new Float64Array(n * n)
  order.forEach((from, to) => {
    const norm = norms[from]!
    if (norm > 0) for (let i = 0; i < rows; i++) u[i * n + to] = work[from * rows + i]! / norm
    for (let i = 0; i < n; i++) v[i * n + to] = turns[from * n + i]!
  })
  return {
    u: { rows, columns: n, values: u },
    values: Float64Array.from(order, (from) => norms[from]!),
    v: { rows: n, columns: n, values: v },
  }
}
