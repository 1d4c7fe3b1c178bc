import { dot } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'

/**
 * Correlation removal (fairlearn's `CorrelationRemover`): each feature's least-squares projection on the centred
 * protected columns is taken away, x - α (s - mean s) β, so that on the training rows the features are uncorrelated
 * with them. Protected columns that depend on others, as the last of a one-hot set, add nothing and have β = 0.
 */
export interface CorrelationRemoval {
  /** Of the protected columns. */
  readonly means: Float64Array
  /** Protected columns by features. */
  readonly coefficients: Matrix
  /** 1 removes all, 0 nothing. */
  readonly alpha: number
}

export function fitCorrelationRemoval(features: Matrix, protectedColumns: Matrix, alpha = 1): CorrelationRemoval {
  requireComplete(features, 'The correlation remover', 1)
  requireComplete(protectedColumns, 'The correlation remover', 1)
  const { rows } = protectedColumns
  const columns = Array.from({ length: protectedColumns.columns }, (_, j) => columnOf(protectedColumns, j))
  const means = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0) / rows)
  const centred = columns.map((column, j) => column.map((value) => value - means[j]!))
  const { basis, recipe } = orthogonalise(centred)
  const coefficients = matrix(columns.length, features.columns)
  for (let feature = 0; feature < features.columns; feature++) {
    const column = columnOf(features, feature)
    basis.forEach((vector, k) => {
      const share = dot(vector, column)
      recipe[k]!.forEach((weight, j) => {
        coefficients.values[j * features.columns + feature]! += share * weight
      })
    })
  }
  return { means, coefficients, alpha }
}

const columnOf = ({ rows, columns, values }: Matrix, j: number) =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!)

/** Orthonormal vectors of the columns' span (Gram-Schmidt, twice), each with its weights on the columns. */
function orthogonalise(columns: readonly Float64Array[]) {
  const basis: Float64Array[] = []
  const recipe: Float64Array[] = []
  columns.forEach((column, j) => {
    const vector = Float64Array.from(column)
    const weights = new Float64Array(columns.length)
    weights[j] = 1
    for (let round = 0; round < 2; round++)
      basis.forEach((other, k) => {
        const share = dot(vector, other)
        for (let row = 0; row < vector.length; row++) vector[row]! -= share * other[row]!
        recipe[k]!.forEach((weight, at) => {
          weights[at]! -= share * weight
        })
      })
    const length = Math.sqrt(dot(vector, vector))
    if (!(length > 1e-9 * Math.sqrt(dot(column, column)))) return
    basis.push(vector.map((value) => value / length))
    recipe.push(weights.map((value) => value / length))
  })
  return { basis, recipe }
}

/** The features without what the protected columns explain of them. */
export function removeCorrelation(removal: CorrelationRemoval, features: Matrix, protectedColumns: Matrix): Matrix {
  const { means, coefficients, alpha } = removal
  const out = matrix(features.rows, features.columns, Float64Array.from(features.values))
  for (let row = 0; row < features.rows; row++)
    for (let j = 0; j < means.length; j++) {
      const centred = alpha * (protectedColumns.values[row * means.length + j]! - means[j]!)
      for (let feature = 0; feature < features.columns; feature++)
        out.values[row * features.columns + feature]! -= centred * coefficients.values[j * features.columns + feature]!
    }
  return out
}
