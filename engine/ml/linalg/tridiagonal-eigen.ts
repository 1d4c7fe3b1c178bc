import { type Matrix, matrix } from '../matrix.ts'
import { type SymmetricEigen, symmetricEigen } from './symmetric-eigen.ts'

/** Jacobi rotations are exact to the last digit and quick up to this size. */
const smallSize = 48

/** Eigenvalues of a symmetric matrix of any size, falling, by the method that suits the size. */
export function eigenOf(a: Matrix): SymmetricEigen {
  return a.rows <= smallSize ? symmetricEigen(a) : tridiagonalEigen(a)
}

/**
 * Eigenvalues of a symmetric matrix by Householder's tridiagonal form and implicit QL steps (Golub & Van Loan, Matrix
 * Computations, 8.3; Bowdler, Martin, Reinsch & Wilkinson 1968). Absolute accuracy: about 1e-15 of the largest value.
 */
export function tridiagonalEigen(a: Matrix): SymmetricEigen {
  const n = a.rows
  const work = a.values.slice()
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  const reflections = tridiagonalise(work, n)
  for (let i = 0; i < n; i++) {
    diagonal[i] = work[i * n + i]!
    if (i > 0) beside[i - 1] = work[i * n + i - 1]!
  }
  const vectors = accumulate(work, reflections, n)
  implicitQl(diagonal, beside, vectors, n)
  return sorted(diagonal, vectors, n)
}

/** Leaves the tridiagonal matrix on the diagonals of `a`, and each step's vector in the rows above; returns 2 / v'v of each. */
function tridiagonalise(a: Float64Array, n: number): Float64Array {
  const factors = new Float64Array(n)
  const v = new Float64Array(n)
  const w = new Float64Array(n)
  for (let k = 0; k < n - 2; k++) {
    let largest = 0
    for (let i = k + 1; i < n; i++) largest = Math.max(largest, Math.abs(a[i * n + k]!))
    let rest = 0
    for (let i = k + 2; i < n; i++) rest = Math.max(rest, Math.abs(a[i * n + k]!))
    if (rest === 0) continue
    let square = 0
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]! / largest
      square += v[i]! * v[i]!
    }
    const alpha = v[k + 1]! > 0 ? -Math.sqrt(square) : Math.sqrt(square)
    const factor = 1 / (square - v[k + 1]! * alpha)
    v[k + 1]! -= alpha
    factors[k] = factor
    updateBoth(a, n, k + 1, v, w, factor)
    for (let i = k + 1; i < n; i++) a[k * n + i] = v[i]!
    a[(k + 1) * n + k] = alpha * largest
  }
  return factors
}

/** A <- H A H for H = I - factor v v' on the block that begins at `from`. */
function updateBoth(a: Float64Array, n: number, from: number, v: Float64Array, w: Float64Array, factor: number): void {
  let inner = 0
  for (let i = from; i < n; i++) {
    let sum = 0
    for (let j = from, at = i * n + from; j < n; j++, at++) sum += a[at]! * v[j]!
    w[i] = factor * sum
    inner += w[i]! * v[i]!
  }
  const half = (factor / 2) * inner
  for (let i = from; i < n; i++) w[i]! -= half * v[i]!
  for (let i = from; i < n; i++) {
    const vi = v[i]!
    const wi = w[i]!
    for (let j = from, at = i * n + from; j < n; j++, at++) a[at]! -= vi * w[j]! + wi * v[j]!
  }
}

/** The product of all reflections, transposed: its rows turn into eigenvectors. */
function accumulate(a: Float64Array, factors: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  const w = new Float64Array(n)
  for (let k = n - 3; k >= 0; k--) {
    const factor = factors[k]!
    if (factor === 0) continue
    w.fill(0)
    for (let i = k + 1; i < n; i++) {
      const vi = a[k * n + i]!
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) w[j]! += vi * q[at]!
    }
    for (let i = k + 1; i < n; i++) {
      const vi = factor * a[k * n + i]!
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) q[at]! -= vi * w[j]!
    }
  }
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rows[j * n + i] = q[i * n + j]!
  return rows
}

function implicitQl(d: Float64Array, e: Float64Array, rows: Float64Array, n: number): void {
  for (let l = 0; l < n; l++)
    for (let round = 0; round < 60; round++) {
      let m = l
      for (; m < n - 1; m++) if (Math.abs(e[m]!) <= 1.1e-16 * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) break
      if (m === l) break
      qlStep(d, e, rows, n, l, m)
    }
}

/** One implicit QL step with Wilkinson's shift on rows l to m. */
function qlStep(d: Float64Array, e: Float64Array, rows: Float64Array, n: number, l: number, m: number): void {
  const slope = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  const root = Math.hypot(slope, 1)
  let g = d[m]! - d[l]! + e[l]! / (slope + (slope >= 0 ? root : -root))
  let sine = 1
  let cosine = 1
  let p = 0
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]!
    const b = cosine * e[i]!
    const r = Math.sqrt(f * f + g * g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[m] = 0
      return
    }
    sine = f / r
    cosine = g / r
    g = d[i + 1]! - p
    const turn = (d[i]! - g) * sine + 2 * cosine * b
    p = sine * turn
    d[i + 1] = g + p
    g = cosine * turn - b
    turnRows(rows, n, i, sine, cosine)
  }
  d[l]! -= p
  e[l] = g
  e[m] = 0
}

function turnRows(rows: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  for (let a = i * n, b = a + n, end = b; a < end; a++, b++) {
    const lower = rows[a]!
    const upper = rows[b]!
    rows[b] = sine * lower + cosine * upper
    rows[a] = cosine * lower - sine * upper
  }
}

function sorted(values: Float64Array, rows: Float64Array, n: number): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[j]! - values[i]! || i - j)
  const vectors = matrix(n, n)
  order.forEach((from, to) => {
    let largest = 0
    for (let i = 0; i < n; i++)
      if (Math.abs(rows[from * n + i]!) > Math.abs(largest) * (1 + 1e-12)) largest = rows[from * n + i]!
    const sign = largest < 0 ? -1 : 1
    for (let i = 0; i < n; i++) vectors.values[i * n + to] = sign * rows[from * n + i]!
  })
  return { values: Float64Array.from(order, (i) => values[i]!), vectors }
}
