import type { DenseProducts } from '#contract'
import { addTransposed, eachCentred, mirrorLower, multiply } from '../linalg/products.ts'
import { eigenOf } from '../linalg/tridiagonal-eigen.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { Centre } from './ridge.ts'

/** What ridge regression needs of the centred, weighted rows X = U D V': D, V, and U' y. */
export interface RidgeParts {
  readonly values: Float64Array
  readonly v: Matrix
  readonly rotated: Float64Array
}

/** The square of the smallest singular value must be more than this share of the largest's. */
const leastShare = 1e-6

/**
 * The parts by the eigenvalues of X'WX, for many rows: squares cost half of the digits, so undefined where columns are
 * nearly dependent. Singular values and errors are good to 10 digits; coefficients after `refineRidge` to all.
 */
export function ridgePartsOfGram(
  x: Matrix,
  y: Float64Array,
  centre: Centre,
  weights: Float64Array | undefined,
  products: DenseProducts,
): RidgeParts | undefined {
  const p = x.columns
  const gram = matrix(p, p)
  const cross = new Float64Array(p)
  products.addCentredGram(x, centre.means, weights, gram.values)
  // the means have no part in it, since the distances of y add up to 0
  addTransposed(x, weighted(y, centre.target, weights), cross)
  mirrorLower(gram.values, p)
  const { values: squares, vectors: v } = eigenOf(gram)
  if (!(squares[p - 1]! > leastShare * squares[0]!)) return undefined
  const values = squares.map(Math.sqrt)
  const rotated = new Float64Array(p)
  for (let j = 0; j < p; j++) for (let k = 0; k < p; k++) rotated[k]! += v.values[j * p + k]! * cross[j]!
  for (let k = 0; k < p; k++) rotated[k]! /= values[k]!
  return { values, v, rotated }
}

/** Weighted distances from the mean. */
const weighted = (y: Float64Array, mean: number, weights: Float64Array | undefined) =>
  y.map((value, i) => (weights ? weights[i]! : 1) * (value - mean))

/** One step of iterative refinement (Björck 1996, Numerical Methods for Least Squares Problems, 6.6.5), in place. */
export function refineRidge(
  x: Matrix,
  y: Float64Array,
  centre: Centre,
  weights: Float64Array | undefined,
  penalty: number,
  { values, v }: RidgeParts,
  coefficients: Float64Array,
): void {
  const p = x.columns
  const slope = coefficients.map((b) => -penalty * b)
  eachCentred(x, centre.means, (block, from) => {
    const left = new Float64Array(block.rows)
    multiply(block, coefficients, left)
    for (let i = 0; i < left.length; i++)
      left[i] = (weights ? weights[from + i]! : 1) * (y[from + i]! - centre.target - left[i]!)
    addTransposed(block, left, slope)
  })
  for (let k = 0; k < p; k++) {
    let step = 0
    for (let j = 0; j < p; j++) step += v.values[j * p + k]! * slope[j]!
    step /= values[k]! ** 2 + penalty
    for (let j = 0; j < p; j++) coefficients[j]! += v.values[j * p + k]! * step
  }
}
