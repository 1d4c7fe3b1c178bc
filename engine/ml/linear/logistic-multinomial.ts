import { addGram, multiplyTransposed } from '../linalg/products.ts'
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
): Objective {
  const { rows, columns } = x
  const block = columns + 1
  const size = classes * block
  const scores = new Float64Array(rows * classes)
  const column = new Float64Array(rows)
  const product = new Float64Array(columns)

  function evaluate(parameters: Float64Array, gradient: Float64Array): number {
    linearScores(x, parameters, classes, scores)
    let loss = 0
    for (let i = 0; i < rows; i++) {
      const actual = scores[i * classes + classOf[i]!]!
      loss += (weights ? weights[i]! : 1) * (softmaxInPlace(scores, i * classes, classes) - actual)
    }
    let squares = 0
    for (let k = 0; k < classes; k++) {
      let sum = 0
      for (let i = 0; i < rows; i++) {
        const r = (weights ? weights[i]! : 1) * (scores[i * classes + k]! - (classOf[i] === k ? 1 : 0))
        column[i] = r
        sum += r
      }
      multiplyTransposed(x, column, product)
      const at = k * block
      for (let j = 0; j < columns; j++) {
        const b = parameters[at + j]!
        gradient[at + j] = product[j]! + penalty * b
        squares += b * b
      }
      gradient[at + columns] = sum
    }
    return loss + 0.5 * penalty * squares
  }

  const scratch = new Float64Array(size)
  const gram = matrix(block, block)
  function hessian(parameters: Float64Array, out: Float64Array): void {
    evaluate(parameters, scratch)
    for (let k = 0; k < classes; k++) {
      for (let l = 0; l <= k; l++) {
        for (let i = 0; i < rows; i++) {
          const p = scores[i * classes + k]!
          const q = scores[i * classes + l]!
          column[i] = (weights ? weights[i]! : 1) * (k === l ? p * (1 - p) : -p * q)
        }
        gramWithOnes(x, column, product, gram.values)
        for (let i = 0; i < block; i++)
          for (let j = 0; j < block; j++) out[(k * block + i) * size + l * block + j]! += gram.values[i * block + j]!
      }
      for (let j = 0; j < columns; j++) out[(k * block + j) * size + k * block + j]! += penalty
    }
    addSumProjector(out, classes, block, penalty)
  }
  return { size, evaluate, hessian }
}

/** Row-major rows x classes: x B + a for blocks of coefficients and intercept. */
export function linearScores(x: Matrix, parameters: Float64Array, classes: number, out: Float64Array): void {
  const { rows, columns, values } = x
  const block = columns + 1
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < classes; k++) {
      const at = k * block
      let sum = parameters[at + columns]!
      for (let j = 0; j < columns; j++) sum += values[i * columns + j]! * parameters[at + j]!
      out[i * classes + k] = sum
    }
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
function gramWithOnes(x: Matrix, d: Float64Array, product: Float64Array, out: Float64Array) {
  const { rows, columns } = x
  const block = columns + 1
  out.fill(0)
  addGram(x, d, out, block)
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
