import type { Matrix } from '../matrix.ts'

/** Eigenvalues falling; eigenvectors are the columns of `vectors`, each with its largest entry positive. */
export interface SymmetricEigen {
  readonly values: Float64Array
  readonly vectors: Matrix
}

/** Eigenvalues of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 8.5). */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows
  const work = a.values.slice()
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  for (let sweep = 0; sweep < 60 && offDiagonal(work, n) > 0; sweep++)
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(work, vectors, n, p, q)
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => work[j * n + j]! - work[i * n + i]!)
  const sorted = new Float64Array(n * n)
  order.forEach((from, to) => {
    let largest = 0
    for (let i = 0; i < n; i++)
      if (Math.abs(vectors[i * n + from]!) > Math.abs(largest) * (1 + 1e-12)) largest = vectors[i * n + from]!
    const sign = largest < 0 ? -1 : 1
    for (let i = 0; i < n; i++) sorted[i * n + to] = sign * vectors[i * n + from]!
  })
  return {
    values: Float64Array.from(order, (i) => work[i * n + i]!),
    vectors: { rows: n, columns: n, values: sorted },
  }
}

/** Largest off-diagonal entry that still matters beside its diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let largest = 0
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const value = Math.abs(a[i * n + j]!)
      const scale = Math.sqrt(Math.abs(a[i * n + i]! * a[j * n + j]!))
      if (value > 1e-17 * scale && value > 1e-300) largest = Math.max(largest, value)
    }
  return largest
}

function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number) {
  const apq = a[p * n + q]!
  if (apq === 0) return
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const x = a[k * n + p]!
    const y = a[k * n + q]!
    a[k * n + p] = c * x - s * y
    a[k * n + q] = s * x + c * y
  }
  for (let k = 0; k < n; k++) {
    const x = a[p * n + k]!
    const y = a[q * n + k]!
    a[p * n + k] = c * x - s * y
    a[q * n + k] = s * x + c * y
    const vx = vectors[k * n + p]!
    const vy = vectors[k * n + q]!
    vectors[k * n + p] = c * vx - s * vy
    vectors[k * n + q] = s * vx + c * vy
  }
  a[p * n + q] = 0
  a[q * n + p] = 0
}
