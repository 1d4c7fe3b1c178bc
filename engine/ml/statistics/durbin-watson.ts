import { choleskyFactor, choleskyInverse } from '../linalg/cholesky.ts'
import { addGram, mirrorLower } from '../linalg/products.ts'
import { symmetricEigen } from '../linalg/symmetric-eigen.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { normalCdf } from './normal.ts'
import { normalFormTail } from './normal-form.ts'

/**
 * Durbin & Watson's test of serial correlation in the residuals of least squares (1950, Biometrika 37:409 and 1951, 38:159):
 * d = Σ (e_t - e_{t-1})² / Σ e_t², near 2 without correlation, towards 0 with positive. Exact under normal errors: d < d₀
 * is a form in normal numbers whose coefficients are the eigenvalues of MAM less d₀, M the residual maker. From
 * `exactBelow` rows on, d is taken as normal with its exact mean and variance, as R's lmtest does from 100 (whose exact values lose digits before that).
 */
export interface DurbinWatson {
  readonly statistic: number
  /** P(as small or smaller): against positive correlation. */
  readonly positive: number
  /** P(as large or larger): against negative correlation. */
  readonly negative: number
  readonly twoSided: number
}

export function durbinWatsonStatistic(residuals: Float64Array): number {
  let steps = 0
  let squares = 0
  for (let t = 0; t < residuals.length; t++) {
    if (t > 0) steps += (residuals[t]! - residuals[t - 1]!) ** 2
    squares += residuals[t]! ** 2
  }
  return steps / squares
}

/**
 * `x` are the regressors of all rows in order; the intercept is added. NaN probabilities where the columns are dependent,
 * no degree of freedom is left or the residuals are all 0.
 */
export function durbinWatson(x: Matrix, residuals: Float64Array, exactBelow = 100): DurbinWatson {
  const statistic = durbinWatsonStatistic(residuals)
  const basis = withIntercept(x)
  const inverse = gramInverse(basis)
  const free = x.rows - basis.columns
  const unknown = { statistic, positive: Number.NaN, negative: Number.NaN, twoSided: Number.NaN }
  if (!inverse || free < 1 || !Number.isFinite(statistic)) return unknown
  const positive =
    x.rows < exactBelow ? exactLower(basis, inverse, free, statistic) : normalLower(basis, inverse, free, statistic)
  const negative = 1 - positive
  return { statistic, positive, negative, twoSided: Math.min(1, 2 * Math.min(positive, negative)) }
}

function withIntercept(x: Matrix): Matrix {
  const basis = matrix(x.rows, x.columns + 1)
  for (let i = 0; i < x.rows; i++) {
    basis.values[i * basis.columns] = 1
    basis.values.set(x.values.subarray(i * x.columns, (i + 1) * x.columns), i * basis.columns + 1)
  }
  return basis
}

function gramInverse(basis: Matrix): Float64Array | undefined {
  const k = basis.columns
  const gram = new Float64Array(k * k)
  addGram(basis, undefined, gram)
  mirrorLower(gram, k)
  return choleskyFactor(gram, k) ? choleskyInverse(gram, k) : undefined
}

/** A v for the tridiagonal A of the squared differences: 2 inside, 1 at both ends, -1 beside the diagonal. */
function differences(v: Float64Array): Float64Array {
  return v.map((value, t) => {
    const before = t > 0 ? value - v[t - 1]! : 0
    const after = t + 1 < v.length ? value - v[t + 1]! : 0
    return before + after
  })
}

function exactLower(basis: Matrix, inverse: Float64Array, free: number, statistic: number): number {
  const n = basis.rows
  const maker = residualMaker(basis, inverse)
  const half = matrix(n, n)
  for (let i = 0; i < n; i++) half.values.set(differences(maker.subarray(i * n, (i + 1) * n)), i * n)
  const middle = matrix(n, n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let t = 0; t < n; t++) sum += half.values[i * n + t]! * maker[j * n + t]!
      middle.values[i * n + j] = sum
      middle.values[j * n + i] = sum
    }
  const { values } = symmetricEigen(middle)
  // MAM has a 0 for each column of the basis; the others are above 0
  return normalFormTail(Float64Array.from(values.subarray(0, free), (value) => statistic - value))
}

/** I - X (X'X)⁻¹ X', row-major. */
function residualMaker({ rows: n, columns: k, values }: Matrix, inverse: Float64Array): Float64Array {
  const maker = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(k)
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) row[b]! += values[i * k + a]! * inverse[a * k + b]!
    for (let j = 0; j < n; j++) {
      let sum = i === j ? 1 : 0
      for (let b = 0; b < k; b++) sum -= row[b]! * values[j * k + b]!
      maker[i * n + j] = sum
    }
  }
  return maker
}

/** Mean and variance of d from traces of MA and (MA)². */
function normalLower(basis: Matrix, inverse: Float64Array, free: number, statistic: number): number {
  const { rows: n, columns: k, values } = basis
  const columns = Array.from({ length: k }, (_, j) => Float64Array.from({ length: n }, (_row, i) => values[i * k + j]!))
  const moved = columns.map(differences)
  const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, t) => sum + value * b[t]!, 0)
  // (X'X)⁻¹ X'AX and (X'X)⁻¹ X'A²X
  const times = (middle: (a: number, b: number) => number) =>
    Array.from({ length: k }, (_, a) =>
      Array.from({ length: k }, (_column, c) => {
        let sum = 0
        for (let b = 0; b < k; b++) sum += inverse[a * k + b]! * middle(b, c)
        return sum
      }),
    )
  const once = times((a, b) => inner(columns[a]!, moved[b]!))
  const twice = times((a, b) => inner(moved[a]!, moved[b]!))
  const trace = (table: number[][]) => table.reduce((sum, row, a) => sum + row[a]!, 0)
  const squared = once.reduce((sum, row, a) => sum + row.reduce((own, value, b) => own + value * once[b]![a]!, 0), 0)
  const p = 2 * (n - 1) - trace(once)
  const q = 2 * (3 * n - 4) - 2 * trace(twice) + squared
  const mean = p / free
  const variance = (2 / (free * (free + 2))) * (q - p * mean)
  return normalCdf((statistic - mean) / Math.sqrt(variance))
}
