import type { DenseProducts } from '#contract'
import { mirrorLower, multiplyTransposed, plainProducts } from '../linalg/products.ts'
import { triangularise } from '../linalg/qr.ts'
import { singularValues } from '../linalg/singular-values.ts'
import { eigenOf } from '../linalg/tridiagonal-eigen.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { centred, columnMeans, requireComplete } from './complete-matrix.ts'
import { fixSigns, projectRows } from './project-rows.ts'

/** Principal components (Pearson 1901; Jolliffe 2002, Principal Component Analysis), as scikit-learn's PCA. */
export interface PrincipalComponents {
  readonly mean: Float64Array
  /** One component a row, of length 1, its entry of largest size positive: the loadings. */
  readonly axes: Matrix
  /** Variance along each component, divisor rows - 1, falling. */
  readonly variances: Float64Array
  /** Its share of the variance of all columns; 0 when nothing varies. */
  readonly shares: Float64Array
  readonly singularValues: Float64Array
}

/**
 * A number of components, or the share of variance that they are to exceed (as scikit-learn's float `n_components`).
 * Columns are centred, not scaled.
 */
export type ComponentCount = { readonly components: number } | { readonly share: number }

/** Jacobi's singular values of a QR are exact for small ones too, and quick up to this size. */
const exactSize = 128

/** `products` compiled give the same bytes sooner. */
export function fitPrincipalComponents(
  x: Matrix,
  count: ComponentCount,
  products: DenseProducts = plainProducts,
): PrincipalComponents {
  requireComplete(x, 'Principal component analysis')
  const mean = columnMeans(x)
  const { values, axes } = decompose(x, mean, products)
  const variances = values.map((value) => (value * value) / (x.rows - 1))
  const total = variances.reduce((sum, value) => sum + value, 0)
  const shares = variances.map((value) => (total > 0 ? value / total : 0))
  const kept = Math.min(countComponents(shares, count), values.length)
  return {
    mean,
    axes: matrix(kept, x.columns, axes.values.slice(0, kept * x.columns)),
    variances: variances.slice(0, kept),
    shares: shares.slice(0, kept),
    singularValues: values.slice(0, kept),
  }
}

function countComponents(shares: Float64Array, count: ComponentCount): number {
  if ('components' in count) return Math.max(1, Math.floor(count.components))
  let sum = 0
  for (let k = 0; k < shares.length; k++) {
    sum += shares[k]!
    if (sum > count.share) return k + 1
  }
  return shares.length
}

interface Decomposition {
  readonly values: Float64Array
  readonly axes: Matrix
}

/** Many rows: eigenvalues of X'X, as scikit-learn does from 10 rows a column. Else singular values of X itself. */
function decompose(raw: Matrix, mean: Float64Array, products: DenseProducts): Decomposition {
  const size = Math.min(raw.rows, raw.columns)
  if (raw.rows >= 10 * raw.columns || (size > exactSize && raw.rows >= raw.columns)) return ofGram(raw, mean, products)
  const x = centred(raw, mean)
  if (x.rows >= x.columns) {
    const { values, v } = singularValues(triangularise(x, new Float64Array(x.rows)).r)
    return signed(values, transpose(v))
  }
  const wide = transpose(x)
  const turned = size > exactSize ? ofGram(wide, new Float64Array(wide.columns), products) : undefined
  const { values, v } = turned
    ? { values: turned.values, v: transpose(turned.axes) }
    : singularValues(triangularise(wide, new Float64Array(x.columns)).r)
  return signed(values, rowAxes(x, values, v))
}

function ofGram(x: Matrix, mean: Float64Array, products: DenseProducts): Decomposition {
  const gram = matrix(x.columns, x.columns)
  products.addCentredGram(x, mean, undefined, gram.values)
  mirrorLower(gram.values, x.columns)
  const { values, vectors } = eigenOf(gram)
  return signed(
    values.map((value) => Math.sqrt(Math.max(0, value))),
    transpose(vectors),
  )
}

/** Right singular vectors X' u / s from the left ones; a component without variance is a zero row. */
function rowAxes(x: Matrix, values: Float64Array, u: Matrix): Matrix {
  const axes = matrix(values.length, x.columns)
  const column = new Float64Array(x.rows)
  const floor = (values[0] ?? 0) * 1e-14 * x.rows
  for (let k = 0; k < values.length; k++) {
    if (values[k]! <= floor) {
      values[k] = 0
      continue
    }
    for (let i = 0; i < x.rows; i++) column[i] = u.values[i * u.columns + k]! / values[k]!
    multiplyTransposed(x, column, axes.values.subarray(k * x.columns, (k + 1) * x.columns))
  }
  return axes
}

function signed(values: Float64Array, axes: Matrix): Decomposition {
  fixSigns(axes)
  return { values, axes }
}

function transpose(x: Matrix): Matrix {
  const out = matrix(x.columns, x.rows)
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) out.values[j * x.rows + i] = x.values[i * x.columns + j]!
  return out
}

/** Scores [rows, components]; with `whiten` each has variance 1 (components without variance stay 0). */
export function applyPrincipalComponents(fit: PrincipalComponents, x: Matrix, whiten = false): Matrix {
  const scores = projectRows(x, fit.axes, fit.mean)
  if (!whiten) return scores
  const factors = fit.variances.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0))
  for (let at = 0; at < scores.values.length; at++) scores.values[at]! *= factors[at % scores.columns]!
  return scores
}

/** The rows that scores stand for, [rows, columns]: what is lost is what the left-out components held. */
export function restoreRows(fit: PrincipalComponents, scores: Matrix): Matrix {
  const x = projectRows(scores, transpose(fit.axes))
  for (let i = 0, at = 0; i < x.rows; i++) for (let j = 0; j < x.columns; j++, at++) x.values[at]! += fit.mean[j]!
  return x
}
