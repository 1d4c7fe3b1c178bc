import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { choleskyFactor, choleskyInverse, choleskySolve } from './cholesky.ts'
import { addGram, mirrorLower, multiply, multiplyTransposed } from './products.ts'
import { triangularise } from './qr.ts'
import { singularValues } from './singular-values.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

function drawn(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  )
}
const at = (a: Matrix, i: number, j: number) => a.values[i * a.columns + j]!

/** A' B, the plain way. */
function crossProduct(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.columns, b.columns)
  for (let i = 0; i < a.columns; i++)
    for (let j = 0; j < b.columns; j++)
      for (let k = 0; k < a.rows; k++) out.values[i * b.columns + j]! += at(a, k, i) * at(b, k, j)
  return out
}
const gap = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
const shape = fc.record({
  rows: fc.integer({ min: 1, max: 13 }),
  columns: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(),
})

test('products equal the plain sums, whatever the shape', () => {
  fc.assert(
    fc.property(shape, ({ rows, columns, seed }) => {
      const x = drawn(rows, columns, seed)
      for (let i = 0; i < x.values.length; i += 3) x.values[i] = 0
      const d = drawn(rows, 1, seed + 1).values
      const v = drawn(columns, 1, seed + 2).values
      const weighted = matrix(
        rows,
        columns,
        x.values.map((value, i) => value * d[Math.floor(i / columns)]!),
      )
      const gram = new Float64Array(columns * columns)
      addGram(x, d, gram)
      mirrorLower(gram, columns)
      expect(gap(gram, crossProduct(weighted, x).values)).toBeLessThan(1e-12)
      const forward = new Float64Array(rows)
      multiply(x, v, forward, 2)
      for (let i = 0; i < rows; i++)
        expect(forward[i]).toBeCloseTo(
          v.reduce((sum, value, j) => sum + value * at(x, i, j), 2),
          11,
        )
      const back = new Float64Array(columns)
      multiplyTransposed(x, d, back)
      expect(gap(back, crossProduct(x, matrix(rows, 1, d)).values)).toBeLessThan(1e-12)
    }),
  )
})

test('Cholesky solves, inverts and refuses what is not positive definite', () => {
  const x = drawn(20, 6, 4)
  const a = crossProduct(x, x)
  const l = a.values.slice()
  expect(choleskyFactor(l, 6)).toBe(true)
  const b = Float64Array.of(1, -2, 3, 0, 5, 7)
  choleskySolve(l, 6, b)
  const back = new Float64Array(6)
  multiply(a, b, back)
  expect(gap(back, Float64Array.of(1, -2, 3, 0, 5, 7))).toBeLessThan(1e-10)
  const identity = crossProduct(a, matrix(6, 6, choleskyInverse(l, 6)))
  for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) expect(at(identity, i, j)).toBeCloseTo(i === j ? 1 : 0, 10)
  expect(choleskyFactor(Float64Array.of(1, 2, 2, 4), 2)).toBe(false)
  expect(choleskyFactor(Float64Array.of(Number.NaN), 1)).toBe(false)
})

test("QR keeps lengths: R'R = X'X and R'z = X'y", () => {
  fc.assert(
    fc.property(shape, ({ rows, columns, seed }) => {
      const x = drawn(rows, columns, seed)
      const y = drawn(rows, 1, seed + 1)
      const { r, z } = triangularise(x, y.values)
      expect(gap(crossProduct(r, r).values, crossProduct(x, x).values)).toBeLessThan(1e-11)
      expect(gap(crossProduct(r, matrix(columns, 1, z)).values, crossProduct(x, y).values)).toBeLessThan(1e-11)
    }),
  )
})

test('singular values rebuild the matrix, small ones to relative accuracy', () => {
  const a = drawn(6, 6, 8)
  const { u, values, v } = singularValues(a)
  for (let i = 0; i < 6; i++)
    for (let j = 0; j < 6; j++)
      expect(values.reduce((sum, d, k) => sum + at(u, i, k) * d * at(v, j, k), 0)).toBeCloseTo(at(a, i, j), 12)
  expect([...values]).toEqual([...values].sort((p, q) => q - p))
  const graded = singularValues(matrix(2, 2, Float64Array.of(1, 1, 0, 1e-9))).values
  expect((graded[0]! * graded[1]!) / 1e-9).toBeCloseTo(1, 12)
})

test('eigenvalues and vectors satisfy A v = λ v', () => {
  const x = drawn(9, 5, 2)
  const a = crossProduct(x, x)
  const { values, vectors } = symmetricEigen(a)
  for (let k = 0; k < 5; k++)
    for (let i = 0; i < 5; i++) {
      let sum = 0
      for (let j = 0; j < 5; j++) sum += at(a, i, j) * at(vectors, j, k)
      expect(sum).toBeCloseTo(values[k]! * at(vectors, i, k), 10)
    }
  expect([...values]).toEqual([...values].sort((p, q) => q - p))
})
