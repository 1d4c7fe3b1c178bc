import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'
import { addGram, multiplyTransposed } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type Centre, interceptOf } from './ridge.ts'

/**
 * Ridge regression for many columns: the normal equations (X'WX + penalty I) b = X'Wy by Cholesky, or, with fewer rows
 * than columns, their dual b = X'W½ (W½XX'W½ + penalty I)⁻¹ W½y (Saunders, Gammerman & Vovk 1998, ICML). Without
 * standard errors. Where the factor fails, a growing share of 1e-12 of the largest diagonal entry is added.
 */
export function fitRidgeWide(x: Matrix, y: Float64Array, centre: Centre, penalty: number, weights?: Float64Array) {
  const centred = matrix(x.rows, x.columns)
  const aim = new Float64Array(x.rows)
  for (let i = 0; i < x.rows; i++) {
    const root = weights ? Math.sqrt(weights[i]!) : 1
    aim[i] = root * (y[i]! - centre.target)
    for (let j = 0; j < x.columns; j++) {
      const at = i * x.columns + j
      centred.values[at] = root * (x.values[at]! - centre.means[j]!)
    }
  }
  const coefficients = x.rows < x.columns ? solveDual(centred, aim, penalty) : solvePrimal(centred, aim, penalty)
  return { coefficients, intercept: interceptOf(centre, coefficients), degrees: Math.min(x.rows, x.columns + 1) }
}

function solvePrimal(x: Matrix, y: Float64Array, penalty: number): Float64Array {
  const gram = new Float64Array(x.columns * x.columns)
  addGram(x, undefined, gram)
  const b = new Float64Array(x.columns)
  multiplyTransposed(x, y, b)
  solveShifted(gram, x.columns, b, penalty)
  return b
}

function solveDual(x: Matrix, y: Float64Array, penalty: number): Float64Array {
  const n = x.rows
  const gram = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      let sum = 0
      for (let j = 0; j < x.columns; j++) sum += x.values[i * x.columns + j]! * x.values[k * x.columns + j]!
      gram[i * n + k] = sum
    }
  const a = y.slice()
  solveShifted(gram, n, a, penalty)
  const b = new Float64Array(x.columns)
  multiplyTransposed(x, a, b)
  return b
}

function solveShifted(gram: Float64Array, n: number, b: Float64Array, penalty: number): void {
  let largest = 1e-300
  for (let i = 0; i < n; i++) largest = Math.max(largest, gram[i * n + i]!)
  for (let extra = 0; extra < 1; extra = extra === 0 ? 1e-12 : extra * 10) {
    const factor = gram.slice()
    for (let i = 0; i < n; i++) factor[i * n + i]! += penalty + extra * largest
    if (!choleskyFactor(factor, n)) continue
    choleskySolve(factor, n, b)
    return
  }
}
