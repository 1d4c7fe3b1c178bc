import type { DenseProducts } from '#contract'
import { addTransposed, dot, eachBlock, multiply, multiplyTransposed, plainProducts } from '../linalg/products.ts'
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
  products: DenseProducts = plainProducts,
): Objective {
  const { rows, columns } = x
  const size = columns + 1
  const curvature = new Float64Array(rows)
  const product = new Float64Array(columns)
  const evaluated = new Float64Array(size).fill(Number.NaN)

  function evaluate(parameters: Float64Array, gradient: Float64Array): number {
    const b = parameters.subarray(0, columns)
    const totals = { loss: 0, residual: 0 }
    product.fill(0)
    eachBlock(x, (block, from) => {
      const values = new Float64Array(block.rows)
      multiply(block, b, values, parameters[columns]!)
      judge(values, from, totals)
      addTransposed(block, values, product)
    })
    for (let j = 0; j < columns; j++) gradient[j] = product[j]! + penalty * b[j]!
    gradient[columns] = totals.residual
    evaluated.set(parameters)
    return totals.loss + 0.5 * penalty * dot(b, b)
  }

  /** Turns margins into residuals, keeps the curvature, and adds up. */
  function judge(margins: Float64Array, from: number, totals: { loss: number; residual: number }): void {
    let { loss, residual: sum } = totals
    for (let k = 0, i = from; k < margins.length; k++, i++) {
      const m = margins[k]!
      const w = weights ? weights[i]! : 1
      const e = Math.exp(-Math.abs(m))
      const share = 1 / (1 + e)
      const p = m >= 0 ? share : e * share
      const hit = positive[i] === 1
      loss += w * (Math.log1p(e) + (m >= 0 === hit ? 0 : Math.abs(m)))
      const r = w * (hit ? (m >= 0 ? -e * share : -share) : p)
      margins[k] = r
      sum += r
      curvature[i] = w * e * share * share
    }
    totals.loss = loss
    totals.residual = sum
  }

  const scratch = new Float64Array(size)
  function hessian(parameters: Float64Array, out: Float64Array): void {
    if (!parameters.every((value, j) => value === evaluated[j])) evaluate(parameters, scratch)
    products.addGram(x, curvature, out, size)
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
