import { addGram, dot, multiply, multiplyTransposed } from '../linalg/products.ts'
import type { Matrix } from '../matrix.ts'
import type { Objective } from './objective.ts'

/**
 * Σ w_i ln(1 + exp(-t_i (x_i b + a))) + penalty / 2 |b|², t = ±1; parameters are the coefficients b, then the free
 * intercept a. The penalty is scikit-learn's 1 / C.
 */
export function binaryLogistic(
  x: Matrix,
  positive: ArrayLike<number>,
  weights: Float64Array | undefined,
  penalty: number,
): Objective {
  const { rows, columns } = x
  const size = columns + 1
  const margins = new Float64Array(rows)
  const residuals = new Float64Array(rows)
  const curvature = new Float64Array(rows)
  const product = new Float64Array(columns)

  function evaluate(parameters: Float64Array, gradient: Float64Array): number {
    const b = parameters.subarray(0, columns)
    multiply(x, b, margins, parameters[columns]!)
    let loss = 0
    let sum = 0
    for (let i = 0; i < rows; i++) {
      const m = margins[i]!
      const w = weights ? weights[i]! : 1
      const e = Math.exp(-Math.abs(m))
      const share = 1 / (1 + e)
      const p = m >= 0 ? share : e * share
      const hit = positive[i] === 1
      loss += w * (Math.log1p(e) + (m >= 0 === hit ? 0 : Math.abs(m)))
      const r = w * (hit ? (m >= 0 ? -e * share : -share) : p)
      residuals[i] = r
      sum += r
      curvature[i] = w * e * share * share
    }
    multiplyTransposed(x, residuals, product)
    for (let j = 0; j < columns; j++) gradient[j] = product[j]! + penalty * b[j]!
    gradient[columns] = sum
    return loss + 0.5 * penalty * dot(b, b)
  }

  const scratch = new Float64Array(size)
  function hessian(parameters: Float64Array, out: Float64Array): void {
    evaluate(parameters, scratch)
    addGram(x, curvature, out, size)
    multiplyTransposed(x, curvature, product)
    for (let j = 0; j < columns; j++) {
      out[j * size + j]! += penalty
      out[columns * size + j]! += product[j]!
    }
    let sum = 0
    for (let i = 0; i < rows; i++) sum += curvature[i]!
    out[columns * size + columns]! += sum
  }
  return { size, evaluate, hessian }
}
