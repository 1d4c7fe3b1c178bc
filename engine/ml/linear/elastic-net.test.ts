import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { elasticNetPath, fitElasticNet, fitElasticNets, fitLasso } from './elastic-net.ts'
import { fitLogistic } from './logistic.ts'
import { fitLogisticLasso } from './logistic-lasso.ts'
import { fitRidge } from './ridge.ts'

interface Linear {
  coefficients: number[]
  intercept: number
}
interface Logistic {
  coefficients: number[][]
  intercepts: number[]
}
interface Golden {
  x: number[][]
  y: number[]
  weights: number[]
  binary: number[]
  many: number[]
  wide: number[][]
  wideY: number[]
  lasso: Record<string, Linear>
  elastic: Record<string, Linear>
  weighted: Linear
  wideLasso: Linear
  path: { penalties: number[]; coefficients: number[][] }
  logistic: Record<string, Logistic>
  logisticElastic: Logistic
  logisticWeighted: Logistic
  multinomial: Logistic
  multinomialElastic: Logistic
}
const golden = readGolden<Golden>('ml-linear-more')
const toMatrix = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const x = toMatrix(golden.x)
const y = Float64Array.from(golden.y)
const weights = Float64Array.from(golden.weights)
const gap = (fit: { intercept: number; coefficients: Float64Array }, expected: Linear) =>
  largestDifference([fit.coefficients, fit.intercept], [expected.coefficients, expected.intercept])

// scikit-learn stops at a duality gap of 1e-15, which leaves some 1e-9 in the coefficients
describe('lasso and elastic net equal scikit-learn to 1e-8', () => {
  test.each(Object.keys(golden.lasso))('lasso, penalty %s', (penalty) => {
    const fit = fitLasso(x, y, { penalty: Number(penalty) })
    expect(fit.converged).toBe(true)
    expect(gap(fit, golden.lasso[penalty]!)).toBeLessThan(1e-8)
  })
  test.each(Object.keys(golden.elastic))('elastic net, penalty %s', (penalty) => {
    expect(gap(fitElasticNet(x, y, { penalty: Number(penalty), share: 0.4 }), golden.elastic[penalty]!)).toBeLessThan(
      1e-8,
    )
  })
  test('with weights, and with more columns than rows', () => {
    expect(gap(fitElasticNet(x, y, { penalty: 0.1, share: 0.4, weights }), golden.weighted)).toBeLessThan(1e-8)
    const fit = fitLasso(toMatrix(golden.wide), Float64Array.from(golden.wideY), { penalty: 0.05 })
    expect(gap(fit, golden.wideLasso)).toBeLessThan(1e-8)
  })
  test('the path of penalties and its coefficients', () => {
    const path = elasticNetPath(x, y, { share: 0.7, count: 15 })
    expect(
      largestDifference(
        path.map((fit) => fit.penalty),
        golden.path.penalties,
      ),
    ).toBeLessThan(1e-12)
    expect(
      largestDifference(
        path.map((fit) => fit.coefficients),
        golden.path.coefficients,
      ),
    ).toBeLessThan(1e-8)
    expect(path[0]!.coefficients.every((value) => value === 0)).toBe(true)
  })
})

const logisticGap = (fit: { coefficients: readonly Float64Array[]; intercepts: readonly number[] }, to: Logistic) =>
  largestDifference([fit.coefficients, fit.intercepts], [to.coefficients, to.intercepts])

describe('logistic regression with absolute penalties equals scikit-learn’s saga to 1e-7', () => {
  test.each(Object.keys(golden.logistic))('cost %s', (cost) => {
    const fit = fitLogisticLasso(x, golden.binary, 2, { penalty: 1 / Number(cost) })
    expect(fit.converged).toBe(true)
    expect(logisticGap(fit, golden.logistic[cost]!)).toBeLessThan(1e-7)
  })
  test('elastic, with weights, and with three classes', () => {
    const { binary, many } = golden
    expect(
      logisticGap(fitLogisticLasso(x, binary, 2, { penalty: 2, share: 0.3 }), golden.logisticElastic),
    ).toBeLessThan(1e-7)
    expect(logisticGap(fitLogisticLasso(x, binary, 2, { penalty: 2, weights }), golden.logisticWeighted)).toBeLessThan(
      1e-7,
    )
    expect(
      logisticGap(fitLogisticLasso(x, many, 3, { penalty: 2, share: 0.5 }), golden.multinomialElastic),
    ).toBeLessThan(1e-7)
    expect(logisticGap(fitLogisticLasso(x, many, 3, { penalty: 2 }), golden.multinomial)).toBeLessThan(1e-7)
  })
  test('share 0 is the ordinary penalised fit', () => {
    const own = fitLogisticLasso(x, golden.binary, 2, { penalty: 1.5, share: 0 })
    const plain = fitLogistic(x, golden.binary, 2, { penalty: 1.5 })
    expect(largestDifference([own.coefficients, own.intercepts], [plain.coefficients, plain.intercepts])).toBeLessThan(
      1e-9,
    )
  })
})

test('the optimality conditions hold on random problems, also by rows and with dependent columns', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0.02, 0.3), fc.constantFrom(1, 0.5), (seed, penalty, share) => {
      const random = createRandom(seed)
      const [rows, columns] = [12 + random.integer(20), 2 + random.integer(12)]
      const values = Float64Array.from({ length: rows * columns }, () => random.normal() + 1)
      for (let i = 0; i < rows; i++) values[i * columns + 1] = 2 * values[i * columns]!
      const target = Float64Array.from({ length: rows }, (_, i) => values[i * columns]! + random.normal())
      const fit = fitElasticNet(matrix(rows, columns, values), target, { penalty, share })
      for (let j = 0; j < columns; j++) {
        const mean = values.filter((_, at) => at % columns === j).reduce((sum, value) => sum + value, 0) / rows
        let slope = 0
        for (let i = 0; i < rows; i++) {
          const own = values.subarray(i * columns, (i + 1) * columns)
          const fitted = own.reduce((sum, value, k) => sum + value * fit.coefficients[k]!, fit.intercept)
          slope += ((own[j]! - mean) * (target[i]! - fitted)) / rows
        }
        const b = fit.coefficients[j]!
        const pull = slope - penalty * (1 - share) * b
        if (b === 0) expect(Math.abs(pull)).toBeLessThan(penalty * share + 1e-9)
        else expect(pull).toBeCloseTo(Math.sign(b) * penalty * share, 9)
      }
    }),
    { numRuns: 40 },
  )
})

test('weights are repetitions, and penalty 0 is least squares', () => {
  const rows = golden.weights.flatMap((times, i) => Array<number>(times).fill(i))
  const repeated = toMatrix(rows.map((i) => golden.x[i]!))
  const weighted = fitLasso(x, y, { penalty: 0.2, weights })
  const twice = fitLasso(
    repeated,
    Float64Array.from(rows, (i) => y[i]!),
    { penalty: 0.2 },
  )
  expect(largestDifference(weighted.coefficients, twice.coefficients)).toBeLessThan(1e-10)
  expect(
    largestDifference(fitLasso(x, y, { penalty: 0 }).coefficients, fitRidge(x, y, { penalty: 0 }).coefficients),
  ).toBeLessThan(1e-9)
})

test('more than two thousand columns, worked on by rows, equal the fit on the columns that matter', () => {
  const random = createRandom(3)
  const [rows, columns] = [25, 2_001]
  const values = Float64Array.from({ length: rows * columns }, (_, at) => (at % columns < 6 ? random.normal() : 0))
  const target = Float64Array.from({ length: rows }, (_, i) => values[i * columns]! - values[i * columns + 3]!)
  const few = matrix(
    rows,
    6,
    values.filter((_, at) => at % columns < 6),
  )
  const [strong, weak] = fitElasticNets(matrix(rows, columns, values), target, [0.4, 0.1], { share: 0.8 })
  const narrow = fitElasticNets(few, target, [0.4, 0.1], { share: 0.8 })
  expect(largestDifference(strong!.coefficients.slice(0, 6), narrow[0]!.coefficients)).toBeLessThan(1e-10)
  expect(largestDifference(weak!.coefficients.slice(0, 6), narrow[1]!.coefficients)).toBeLessThan(1e-10)
  expect(weak!.coefficients.slice(6).every((value) => value === 0)).toBe(true)
})

test('edges are defined: constant columns, one row, no share', () => {
  const constant = fitLasso(
    toMatrix([
      [1, 2],
      [1, 3],
      [1, 5],
    ]),
    Float64Array.of(1, 2, 4),
    { penalty: 0.01 },
  )
  expect(constant.coefficients[0]).toBe(0)
  expect(constant.coefficients[1]!).toBeGreaterThan(0.9)
  const single = fitLasso(toMatrix([[3, 4]]), Float64Array.of(7), { penalty: 1 })
  expect(single).toMatchObject({ intercept: 7, converged: true })
  expect(() => fitElasticNet(x, y, { penalty: 1, share: 0 })).toThrow(ProblemError)
})
