import { type Matrix, matrix } from '../matrix.ts'

/**
 * Householder reduction of a least-squares problem to triangular form (Golub & Van Loan, Matrix Computations, 5.2):
 * X = Q R, z = Q' y. Works on copies. Rows may be fewer than columns; then R is padded with zero rows.
 */
export function triangularise(x: Matrix, y: Float64Array): { readonly r: Matrix; readonly z: Float64Array } {
  const { rows, columns } = x
  const a = x.values.slice()
  const b = y.slice()
  const projection = new Float64Array(columns)
  for (let k = 0; k < Math.min(rows - 1, columns); k++) reflect(a, b, rows, columns, k, projection)
  const r = matrix(columns, columns)
  const z = new Float64Array(columns)
  for (let i = 0; i < Math.min(rows, columns); i++) {
    z[i] = b[i]!
    for (let j = i; j < columns; j++) r.values[i * columns + j] = a[i * columns + j]!
  }
  return { r, z }
}

function reflect(a: Float64Array, b: Float64Array, rows: number, columns: number, k: number, projection: Float64Array) {
  let largest = 0
  for (let i = k; i < rows; i++) largest = Math.max(largest, Math.abs(a[i * columns + k]!))
  if (largest === 0) return
  let square = 0
  for (let i = k; i < rows; i++) square += (a[i * columns + k]! / largest) ** 2
  const head = a[k * columns + k]!
  const alpha = head > 0 ? -largest * Math.sqrt(square) : largest * Math.sqrt(square)
  const first = head - alpha
  const scale = -1 / (alpha * first)
  projection.fill(0)
  let dot = first * b[k]!
  for (let j = k + 1; j < columns; j++) projection[j] = first * a[k * columns + j]!
  for (let i = k + 1; i < rows; i++) {
    const v = a[i * columns + k]!
    if (v === 0) continue
    dot += v * b[i]!
    for (let j = k + 1; j < columns; j++) projection[j]! += v * a[i * columns + j]!
  }
  for (let i = k; i < rows; i++) {
    const v = scale * (i === k ? first : a[i * columns + k]!)
    if (v === 0) continue
    b[i]! -= v * dot
    for (let j = k + 1; j < columns; j++) a[i * columns + j]! -= v * projection[j]!
  }
  a[k * columns + k] = alpha
}
