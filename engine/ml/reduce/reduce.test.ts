import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { applyDiscriminantAxes, fitDiscriminantAxes } from './discriminant-axes.ts'
import {
  applyPartialLeastSquares,
  fitPartialLeastSquares,
  predictPartialLeastSquares,
} from './partial-least-squares.ts'
import { applyPrincipalComponents, fitPrincipalComponents, restoreRows } from './principal-components.ts'
import { projectRows } from './project-rows.ts'
import { componentsForDistortion, randomAxes } from './random-projection.ts'

interface Components {
  mean: number[]
  axes: number[][]
  variances: number[]
  shares: number[]
  singular: number[]
}
interface Discriminant {
  scores: number[][]
  shares: number[]
  mean: number[]
}
interface LeastSquares {
  weights: number[][]
  loadings: number[][]
  targetLoadings: number[][]
  coefficients: number[][]
  scores: number[][]
  predictions: number[][]
}
interface Golden {
  x: number[][]
  classes: number[]
  wide: number[][]
  y: number[][]
  components: Components
  componentsWide: Components
  few: Components
  shareCounts: number[]
  whitened: number[][]
  discriminant: Discriminant
  discriminantDegenerate: Discriminant
  one: LeastSquares
  three: LeastSquares
  unscaled: LeastSquares
  distortions: [number, number, number][]
}
const golden = readGolden<Golden>('ml-select-reduction')
const toMatrix = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const nested = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))
const x = toMatrix(golden.x)
const classes = Int32Array.from(golden.classes)

test('principal components equal scikit-learn, signs included', () => {
  const cases = [
    [x, golden.components],
    [toMatrix(golden.x.slice(0, 20)), golden.few],
  ] as const
  for (const [data, wanted] of cases) {
    const fit = fitPrincipalComponents(data, { components: 99 })
    expect(largestDifference(nested(fit.axes), wanted.axes)).toBeLessThan(1e-11)
    expect(largestDifference(fit.mean, wanted.mean)).toBeLessThan(1e-14)
    expect(largestDifference(fit.variances, wanted.variances)).toBeLessThan(1e-12)
    expect(largestDifference(fit.shares, wanted.shares)).toBeLessThan(1e-13)
    expect(largestDifference(fit.singularValues, wanted.singular)).toBeLessThan(1e-12)
  }
})

test('more columns than rows: all components but the empty last one', () => {
  const fit = fitPrincipalComponents(toMatrix(golden.wide), { components: 20 })
  expect(largestDifference(nested(fit.axes).slice(0, 8), golden.componentsWide.axes.slice(0, 8))).toBeLessThan(1e-12)
  expect(largestDifference(fit.variances, golden.componentsWide.variances)).toBeLessThan(1e-12)
  expect(fit.variances[8]).toBe(0)
})

test('components by share, whitened scores and restored rows', () => {
  const counts = [0.5, 0.9, 0.999].map((share) => fitPrincipalComponents(x, { share }).axes.rows)
  expect(counts).toEqual(golden.shareCounts)
  const three = fitPrincipalComponents(x, { components: 3 })
  expect(largestDifference(nested(applyPrincipalComponents(three, x, true)), golden.whitened)).toBeLessThan(1e-10)
  const all = fitPrincipalComponents(x, { components: 6 })
  expect(largestDifference(restoreRows(all, applyPrincipalComponents(all, x)).values, x.values)).toBeLessThan(1e-12)
})

test('large and small, tall and wide take different roads to the same components', () => {
  const random = createRandom(3)
  const draw = (rows: number, columns: number) => {
    const values = Float64Array.from({ length: rows * columns }, (_, at) => random.normal() * (1 + (at % columns)))
    return matrix(rows, columns, values)
  }
  for (const data of [draw(150, 140), draw(140, 150), draw(700, 60)]) {
    const { axes, variances, mean } = fitPrincipalComponents(data, { components: 5 })
    const scores = projectRows(data, axes, mean)
    for (let k = 0; k < 5; k++)
      for (let l = 0; l <= k; l++) {
        let inner = 0
        let covariance = 0
        for (let j = 0; j < axes.columns; j++)
          inner += axes.values[k * axes.columns + j]! * axes.values[l * axes.columns + j]!
        for (let i = 0; i < data.rows; i++) covariance += scores.values[i * 5 + k]! * scores.values[i * 5 + l]!
        expect(inner).toBeCloseTo(k === l ? 1 : 0, 10)
        expect(covariance / (data.rows - 1) / variances[0]!).toBeCloseTo(
          k === l ? variances[k]! / variances[0]! : 0,
          10,
        )
      }
  }
})

test('a constant table has components without variance', () => {
  const fit = fitPrincipalComponents(matrix(5, 2, new Float64Array(10).fill(7)), { share: 0.9 })
  expect(Array.from(fit.shares)).toEqual([0, 0])
  expect(Array.from(applyPrincipalComponents(fit, matrix(1, 2, Float64Array.of(7, 7)), true).values)).toEqual([0, 0])
})

test('missing cells, single rows and single classes are refused with a cure', () => {
  const gap = matrix(2, 2, Float64Array.of(1, 2, Number.NaN, 4))
  expect(() => fitPrincipalComponents(gap, { components: 1 })).toThrow(ProblemError)
  expect(() => fitPrincipalComponents(matrix(1, 2), { components: 1 })).toThrow(/2 rows/)
  expect(() => fitDiscriminantAxes(x, new Int32Array(80), 1)).toThrow(/1 class/)
  expect(() => fitPartialLeastSquares(x, toMatrix(golden.y), { components: 7 })).toThrow(/1 to 6/)
})

/** scikit-learn leaves the sign of an axis to its linear algebra library. */
function alignSigns(scores: number[][], wanted: number[][]): number[][] {
  const signs = wanted[0]!.map((_, k) => Math.sign(scores.reduce((sum, row, i) => sum + row[k]! * wanted[i]![k]!, 0)))
  return scores.map((row) => row.map((value, k) => value * signs[k]!))
}

test('discriminant axes equal scikit-learn up to sign, also with a constant and a dependent column', () => {
  const extra = toMatrix(golden.x.map((row) => [...row, row[0]! + row[1]!, 4]))
  for (const [data, wanted] of [
    [x, golden.discriminant],
    [extra, golden.discriminantDegenerate],
  ] as const) {
    const fit = fitDiscriminantAxes(data, classes, 4)
    const scores = alignSigns(nested(applyDiscriminantAxes(fit, data)), wanted.scores)
    expect(largestDifference(scores, wanted.scores)).toBeLessThan(1e-9)
    expect(largestDifference(fit.shares, wanted.shares)).toBeLessThan(1e-10)
    expect(largestDifference(fit.mean, wanted.mean)).toBeLessThan(1e-13)
  }
  expect(fitDiscriminantAxes(x, classes, 9, 1).axes.rows).toBe(1)
})

test('partial least squares equal scikit-learn, one target and several', () => {
  const targets = (count: number) => toMatrix(golden.y.map((row) => row.slice(0, count)))
  const cases = [
    [targets(1), golden.one, { components: 3 }],
    [targets(3), golden.three, { components: 4, tolerance: 1e-24, rounds: 5000 }],
    [targets(2), golden.unscaled, { components: 2, scale: false, tolerance: 1e-24, rounds: 5000 }],
  ] as const
  for (const [y, wanted, options] of cases) {
    const fit = fitPartialLeastSquares(x, y, options)
    for (const key of ['weights', 'loadings', 'targetLoadings', 'coefficients'] as const)
      expect(largestDifference(nested(fit[key]), wanted[key]), key).toBeLessThan(1e-9)
    expect(largestDifference(nested(applyPartialLeastSquares(fit, x)), wanted.scores)).toBeLessThan(1e-9)
    expect(largestDifference(nested(predictPartialLeastSquares(fit, x)), wanted.predictions)).toBeLessThan(1e-9)
  }
})

/** SIMPLS for one target (de Jong 1993): the coefficients, from X'y projected off the loadings found before. */
function simpls(columns: number[][], y: number[], components: number): number[] {
  const inner = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  let cross = columns.map((column) => inner(column, y))
  const basis: number[][] = []
  const out = columns.map(() => 0)
  for (let k = 0; k < components; k++) {
    const scores = y.map((_, i) => columns.reduce((sum, column, j) => sum + column[i]! * cross[j]!, 0))
    const length = Math.sqrt(inner(scores, scores))
    const unit = scores.map((value) => value / length)
    const weights = cross.map((value) => value / length)
    const loading = columns.map((column) => inner(column, unit))
    const free = basis.reduce((v, b) => v.map((value, j) => value - inner(b, v) * b[j]!), loading)
    const size = Math.sqrt(inner(free, free))
    basis.push(free.map((value) => value / size))
    const q = inner(y, unit)
    weights.forEach((value, j) => {
      out[j]! += value * q
    })
    const last = basis[k]!
    cross = cross.map((value, j) => value - inner(last, cross) * last[j]!)
  }
  return out
}

test('for one target NIPALS equals SIMPLS', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 4 }), (seed, components) => {
      const random = createRandom(seed)
      const columns = Array.from({ length: 5 }, () => Array.from({ length: 30 }, () => random.normal()))
      const centre = (values: number[]) => values.map((v) => v - values.reduce((a, b) => a + b, 0) / values.length)
      const flat = columns.map(centre)
      const y = centre(flat[0]!.map((value, i) => value + flat[1]![i]! + random.normal()))
      const data = toMatrix(y.map((_, i) => flat.map((column) => column[i]!)))
      const target = toMatrix(y.map((value) => [value]))
      const { coefficients } = fitPartialLeastSquares(data, target, { components, scale: false })
      expect(largestDifference(coefficients.values, simpls(flat, y, components))).toBeLessThan(1e-9)
    }),
    { numRuns: 40 },
  )
})

test('a constant target has no components, and all components give least squares', () => {
  const none = fitPartialLeastSquares(x, toMatrix(golden.y.map(() => [3])), { components: 2 })
  expect(none.axes.rows).toBe(0)
  expect(predictPartialLeastSquares(none, x).values[5]).toBe(3)
  const y = toMatrix(golden.y.map((row) => [row[0]!]))
  const fit = fitPartialLeastSquares(x, y, { components: 6 })
  const rest = predictPartialLeastSquares(fit, x).values.map((value, i) => y.values[i]! - value)
  for (let j = 0; j < 6; j++) expect(rest.reduce((sum, r, i) => sum + r * x.values[i * 6 + j]!, 0)).toBeCloseTo(0, 8)
})

test('random projections keep squared lengths on average, and the counts equal scikit-learn', () => {
  for (const kind of ['gaussian', 'sparse'] as const) {
    const axes = randomAxes(400, 300, createRandom(8), kind)
    const point = matrix(
      1,
      400,
      Float64Array.from({ length: 400 }, (_, j) => Math.cos(j)),
    )
    const length = (m: Matrix) => m.values.reduce((sum, value) => sum + value * value, 0)
    expect(Math.abs(length(projectRows(point, axes)) / length(point) - 1)).toBeLessThan(0.2)
    expect(randomAxes(400, 300, createRandom(8), kind)).toEqual(axes)
    if (kind === 'sparse') expect(axes.values.filter((v) => v !== 0).length / axes.values.length).toBeCloseTo(0.05, 2)
  }
  for (const [rows, distortion, wanted] of golden.distortions)
    expect(componentsForDistortion(rows, distortion)).toBe(wanted)
  expect(() => componentsForDistortion(10, 1)).toThrow(ProblemError)
})
