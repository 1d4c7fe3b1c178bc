import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { symmetricEigen } from './symmetric-eigen.ts'
import { eigenOf, tridiagonalEigen } from './tridiagonal-eigen.ts'

function drawSymmetric(n: number, seed: number, rank = n) {
  const random = createRandom(seed)
  const a = matrix(n, n)
  for (let r = 0; r < rank; r++) {
    const v = Float64Array.from({ length: n }, () => random.normal())
    const weight = random.normal()
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.values[i * n + j]! += weight * v[i]! * v[j]!
  }
  return a
}

test('equals Jacobi rotations: values, and A v = value v', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer(), fc.integer({ min: 0, max: 30 }), (n, seed, rank) => {
      const a = drawSymmetric(n, seed, rank)
      const { values, vectors } = tridiagonalEigen(a)
      const wanted = symmetricEigen(a).values
      const size = Math.max(1, Math.abs(wanted[0]!), Math.abs(wanted[n - 1]!))
      for (let k = 0; k < n; k++) {
        expect(Math.abs(values[k]! - wanted[k]!) / size).toBeLessThan(1e-13)
        for (let i = 0; i < n; i++) {
          let sum = 0
          for (let j = 0; j < n; j++) sum += a.values[i * n + j]! * vectors.values[j * n + k]!
          expect(Math.abs(sum - values[k]! * vectors.values[i * n + k]!) / size).toBeLessThan(1e-12)
        }
      }
    }),
  )
})

test('large matrices: orthonormal vectors, the trace is the sum of values', () => {
  const a = drawSymmetric(120, 4)
  const { values, vectors } = eigenOf(a)
  let trace = 0
  for (let i = 0; i < 120; i++) trace += a.values[i * 121]!
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 8)
  for (let k = 0; k < 120; k += 7)
    for (let l = 0; l < 120; l += 5) {
      let inner = 0
      for (let i = 0; i < 120; i++) inner += vectors.values[i * 120 + k]! * vectors.values[i * 120 + l]!
      expect(inner).toBeCloseTo(k === l ? 1 : 0, 11)
    }
  expect(tridiagonalEigen(matrix(0, 0)).values.length).toBe(0)
})
