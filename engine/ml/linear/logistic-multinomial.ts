import type { DenseProducts } from '#contract'
import { addTransposed, eachBlock, multiplyTransposed, plainProducts } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { Objective } from './objective.ts'

/**
 * -Σ w_i ln softmax(x_i B + a)[y_i] + penalty / 2 |B|²: the symmetric multinomial model, one block of coefficients and
 * intercept a class. Adding the same to every class changes no probability; where nothing penalises that (the
 * intercepts, and all with penalty 0) the Hessian gets the projector on it, which keeps the sum over classes at 0 as
 * scikit-learn's solution has it.
 */
export function multinomialLogistic(
  x: Matrix,
  classOf: ArrayLike<number>,
  classes: number,
  weights: Float64Array | undefined,
  penalty: number,
  products: DenseProducts = plainProducts,
): Objective {
  const { rows, columns } = x
  const block = columns + 1
  const size = classes * block
  const scores = new Float64Array(rows * classes)
  const column = new Float64Array(rows)
  const product = new Float64Array(columns)

  const sums = new Float64Array(size)
  const evaluated = new Float64Array(size).fill(Number.NaN)

  function evaluate(parameters: Float64Array, gradient: Float64Array): number {
    const { coefficients, intercepts } = splitBlocks(parameters, classes, columns)
    sums.fill(0)
    let loss = 0
    eachBlock(x, (part, from) => {
      const shares = scores.subarray(from * classes, (from + part.rows) * classes)
      products.multiplyRows(part, coefficients, shares, intercepts)
      loss = addLosses(shares, from, loss)
      const residuals = new Float64Array(part.rows)
      for (let k = 0; k < classes; k++) {
        const at = k * block
        sums[at + columns] = fillResiduals(shares, from, k, residuals, sums[at + columns]!)
        addTransposed(part, residuals, sums.subarray(at, at + columns))
      }
    })
    evaluated.set(parameters)
    return loss + 0.5 * penalty * addPenalty(parameters, gradient)
  }

  /** Turns scores into probabilities and adds up the losses. */
  function addLosses(shares: Float64Array, from: number, sum: number): number {
    let loss = sum
    for (let at = 0, i = from; at < shares.length; at += classes, i++) {
      const actual = shares[at + classOf[i]!]!
      loss += (weights ? weights[i]! : 1) * (softmaxInPlace(shares, at, classes) - actual)
    }
    return loss
  }

  function fillResiduals(shares: Float64Array, from: number, k: number, out: Float64Array, start: number): number {
    let sum = start
    for (let n = 0, i = from; n < out.length; n++, i++) {
      const r = (weights ? weights[i]! : 1) * (shares[n * classes + k]! - (classOf[i] === k ? 1 : 0))
      out[n] = r
      sum += r
    }
    return sum
  }

  /** Gradient from the sums; gives the squares of the coefficients. */
  function addPenalty(parameters: Float64Array, gradient: Float64Array): number {
    let squares = 0
    for (let at = 0; at < size; at++) {
      const free = at % block === columns
      const b = parameters[at]!
      gradient[at] = free ? sums[at]! : sums[at]! + penalty * b
      if (!free) squares += b * b
    }
    return squares
  }

  const scratch = new Float64Array(size)
  const gram = matrix(block, block)
  function hessian(parameters: Float64Array, out: Float64Array): void {
    if (!parameters.every((value, j) => value === evaluated[j])) evaluate(parameters, scratch)
    for (let k = 0; k < classes; k++) {
      for (let l = 0; l <= k; l++) {
        for (let i = 0; i < rows; i++) {
          const p = scores[i * classes + k]!
          const q = scores[i * classes + l]!
          column[i] = (weights ? weights[i]! : 1) * (k === l ? p * (1 - p) : -p * q)
        }
        gramWithOnes(products, x, column, product, gram.values)
        for (let i = 0; i < block; i++)
          for (let j = 0; j < block; j++) out[(k * block + i) * size + l * block + j]! += gram.values[i * block + j]!
      }
      for (let j = 0; j < columns; j++) out[(k * block + j) * size + k * block + j]! += penalty
    }
    addSumProjector(out, classes, block, penalty)
  }
  return { size, evaluate, hessian }
}

/** Blocks of coefficients and intercept a class as one matrix and the intercepts. */
export function splitBlocks(parameters: Float64Array, classes: number, columns: number) {
  const coefficients = matrix(classes, columns)
  const intercepts = new Float64Array(classes)
  for (let k = 0; k < classes; k++) {
    const at = k * (columns + 1)
    coefficients.values.set(parameters.subarray(at, at + columns), k * columns)
    intercepts[k] = parameters[at + columns]!
  }
  return { coefficients, intercepts }
}

/** Turns scores into probabilities; returns the logarithm of the sum of exponentials. */
export function softmaxInPlace(scores: Float64Array, at: number, classes: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) largest = Math.max(largest, scores[at + k]!)
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const e = Math.exp(scores[at + k]! - largest)
    scores[at + k] = e
    sum += e
  }
  for (let k = 0; k < classes; k++) scores[at + k]! /= sum
  return largest + Math.log(sum)
}

/** The full Gram matrix of x with a last column of ones, weighted by d. */
function gramWithOnes(products: DenseProducts, x: Matrix, d: Float64Array, product: Float64Array, out: Float64Array) {
  const { rows, columns } = x
  const block = columns + 1
  out.fill(0)
  products.addGram(x, d, out, block)
  multiplyTransposed(x, d, product)
  let sum = 0
  for (let i = 0; i < rows; i++) sum += d[i]!
  out.set(product, columns * block)
  out[columns * block + columns] = sum
  for (let i = 0; i < block; i++) for (let j = i + 1; j < block; j++) out[i * block + j] = out[j * block + i]!
}

/** Parameters whose common shift over the classes is free: the intercept, and every one without penalty. */
export const freeColumns = (block: number, penalty: number) =>
  penalty > 0 ? [block - 1] : Array.from({ length: block }, (_, j) => j)

function addSumProjector(out: Float64Array, classes: number, block: number, penalty: number) {
  const size = classes * block
  for (const j of freeColumns(block, penalty))
    for (let k = 0; k < classes; k++)
      for (let l = 0; l <= k; l++) out[(k * block + j) * size + l * block + j]! += projectorWeight / classes
}

/** Any positive value gives the same step; errors take it off again. */
export const projectorWeight = 1
