/** Cholesky factorisation A = L L' of symmetric positive definite matrices (Golub & Van Loan, Matrix Computations, 4.2). */

/**
 * Overwrites the lower triangle of the row-major n x n matrix with L; the upper triangle is left as it was.
 * False when a pivot falls to `tolerance` times its own diagonal or below: not positive definite to working precision.
 */
export function choleskyFactor(a: Float64Array, n: number, tolerance = 1e-13): boolean {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n
    const diagonal = a[rowJ + j]!
    let pivot = diagonal
    for (let k = 0; k < j; k++) pivot -= a[rowJ + k]! * a[rowJ + k]!
    if (!(pivot > tolerance * Math.abs(diagonal)) || !Number.isFinite(pivot)) return false
    const root = Math.sqrt(pivot)
    a[rowJ + j] = root
    for (let i = j + 1; i < n; i++) {
      const rowI = i * n
      let sum = a[rowI + j]!
      for (let k = 0; k < j; k++) sum -= a[rowI + k]! * a[rowJ + k]!
      a[rowI + j] = sum / root
    }
  }
  return true
}

/** Solves L L' x = b in place, L as `choleskyFactor` leaves it. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!
    b[i] = sum / l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i]! / l[i * n + i]!
    b[i] = value
    for (let k = 0; k < i; k++) b[k]! -= l[i * n + k]! * value
  }
}

/** The full symmetric inverse of L L'. */
export function choleskyInverse(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  const column = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    column.fill(0)
    column[j] = 1
    choleskySolve(l, n, column)
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i]!
  }
  return inverse
}
