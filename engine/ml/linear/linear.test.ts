import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { balancedWeights, fitLogistic, type LogisticFit, logisticScores } from './logistic.ts'
import { binaryLogistic } from './logistic-binary.ts'
import { multinomialLogistic } from './logistic-multinomial.ts'
import type { Objective } from './objective.ts'
import { fitRidge } from './ridge.ts'

interface Logistic {
  coefficients: number[][]
  intercepts: number[]
  scores: number[][]
}
interface Golden extends Record<string, unknown> {
  x: number[][]
  weights: number[]
  binary: number[]
  many: number[]
  y: number[]
  wide: number[][]
  wideY: number[]
  logistic: Logistic
  logisticStrong: Logistic
  logisticWeighted: Logistic
  logisticBalanced: Logistic
  multinomial: Logistic
  multinomialLbfgs: Logistic
  multinomialWeighted: Logistic
  logit: { parameters: number[]; errors: number[] }
  mnlogit: { parameters: number[][]; errors: number[][] }
  ols: { parameters: number[]; errors: number[] }
  ridge: Record<'plain' | 'weighted', { coefficients: number[]; intercept: number }>
  shortest: { coefficients: number[]; intercept: number }
}
const golden = readGolden<Golden>('ml-stats-linear')
const toMatrix = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const x = toMatrix(golden.x)
const weights = Float64Array.from(golden.weights)
const { binary, many } = golden

function gap(fit: LogisticFit, expected: Logistic): number {
  const head = matrix(5, x.columns, x.values.slice(0, 5 * x.columns))
  const scores = logisticScores(fit, head)
  return largestDifference(
    [
      fit.coefficients,
      fit.intercepts,
      Array.from({ length: 5 }, (_, i) => scores.slice(i * fit.classes, (i + 1) * fit.classes)),
    ],
    [expected.coefficients, expected.intercepts, expected.scores],
  )
}

describe('logistic regression equals scikit-learn at tight tolerance', () => {
  test.each(['newton', 'lbfgs'] as const)('binary, %s', (solver) => {
    expect(gap(fitLogistic(x, binary, 2, { penalty: 1, solver }), golden.logistic)).toBeLessThan(1e-8)
    expect(gap(fitLogistic(x, binary, 2, { penalty: 25, solver }), golden.logisticStrong)).toBeLessThan(1e-8)
    const weighted = fitLogistic(x, binary, 2, { penalty: 0.5, weights, solver })
    expect(gap(weighted, golden.logisticWeighted)).toBeLessThan(1e-8)
    const balanced = fitLogistic(x, binary, 2, { penalty: 1, weights: balancedWeights(binary, 2), solver })
    expect(gap(balanced, golden.logisticBalanced)).toBeLessThan(1e-8)
    expect(weighted.converged).toBe(true)
  })

  test.each(['newton', 'lbfgs'] as const)('multinomial, %s', (solver) => {
    const fit = fitLogistic(x, many, 3, { penalty: 1, solver })
    expect(fit.converged).toBe(true)
    expect(gap(fit, golden.multinomialLbfgs)).toBeLessThan(1e-6)
    expect(gap(fit, golden.multinomial)).toBeLessThan(1e-6)
    expect(gap(fitLogistic(x, many, 3, { penalty: 3, weights, solver }), golden.multinomialWeighted)).toBeLessThan(1e-6)
  })
})

describe('maximum likelihood equals statsmodels', () => {
  test('Logit with standard errors', () => {
    const fit = fitLogistic(x, binary, 2, { penalty: 0 })
    const [constant, ...slopes] = golden.logit.parameters
    expect(largestDifference([fit.intercepts[0], [...fit.coefficients[0]!]], [constant, slopes])).toBeLessThan(1e-8)
    const [constantError, ...slopeErrors] = golden.logit.errors
    expect(largestDifference(fit.errors![0], [...slopeErrors, constantError])).toBeLessThan(1e-8)
  })

  test('MNLogit, as differences from the first class', () => {
    const { coefficients, intercepts } = fitLogistic(x, many, 3, { penalty: 0 })
    const rows = [intercepts, ...Array.from({ length: x.columns }, (_, j) => coefficients.map((set) => set[j]!))]
    const differences = rows.map((row) => [row[1]! - row[0]!, row[2]! - row[0]!])
    expect(largestDifference(differences, golden.mnlogit.parameters)).toBeLessThan(1e-7)
    expect(Math.abs(intercepts.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-9)
  })

  test('MNLogit, errors turned to coefficients that sum to zero', () => {
    const { errors } = fitLogistic(x, many, 3, { penalty: 0 })
    const last = x.columns
    const rows = [last, ...Array.from({ length: last }, (_, j) => j)].map((j) => errors!.map((set) => set[j]!))
    expect(largestDifference(rows, golden.mnlogit.errors)).toBeLessThan(1e-8)
  })

  test('OLS with standard errors', () => {
    const fit = fitRidge(x, Float64Array.from(golden.y), { penalty: 0 })
    const [constant, ...slopes] = golden.ols.parameters
    expect(largestDifference([fit.intercept, [...fit.coefficients]], [constant, slopes])).toBeLessThan(1e-12)
    const [constantError, ...slopeErrors] = golden.ols.errors
    expect(largestDifference(fit.errors, [...slopeErrors, constantError])).toBeLessThan(1e-11)
  })
})

describe('ridge', () => {
  test('equals scikit-learn, plain and weighted', () => {
    for (const kind of ['plain', 'weighted'] as const) {
      const options = kind === 'plain' ? { penalty: 2.5 } : { penalty: 2.5, weights }
      const fit = fitRidge(x, Float64Array.from(golden.y), options)
      const expected = golden.ridge[kind]
      expect(
        largestDifference([fit.intercept, fit.coefficients], [expected.intercept, expected.coefficients]),
      ).toBeLessThan(1e-11)
    }
  })

  test('takes the shortest solution when rows are fewer than columns', () => {
    const fit = fitRidge(toMatrix(golden.wide), Float64Array.from(golden.wideY), { penalty: 0 })
    const { coefficients, intercept } = golden.shortest
    expect(largestDifference([fit.intercept, fit.coefficients], [intercept, coefficients])).toBeLessThan(1e-11)
    expect(fit.errors).toBeUndefined()
  })

  test('many columns give the same through the normal equations and their dual', () => {
    const random = createRandom(8)
    for (const rows of [400, 60]) {
      const wide = matrix(
        rows,
        251,
        Float64Array.from({ length: rows * 251 }, () => random.normal()),
      )
      const y = Float64Array.from({ length: rows }, () => random.normal())
      const w = Float64Array.from({ length: rows }, () => random.uniform() + 0.2)
      const { coefficients, intercept } = fitRidge(wide, y, { penalty: 3, weights: w })
      const residual = y.map((value, i) => {
        let fitted = intercept
        for (let j = 0; j < 251; j++) fitted += wide.values[i * 251 + j]! * coefficients[j]!
        return w[i]! * (value - fitted)
      })
      expect(residual.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9)
      for (let j = 0; j < 251; j += 10) {
        let gradient = -3 * coefficients[j]!
        for (let i = 0; i < rows; i++) gradient += wide.values[i * 251 + j]! * residual[i]!
        expect(gradient).toBeCloseTo(0, 9)
      }
    }
  })

  test('weights count as repetitions, errors included', () => {
    const times = Float64Array.from({ length: x.rows }, (_, i) => 1 + (i % 3))
    const rows = Array.from(times).flatMap((count, i) => new Array<number>(count).fill(i))
    const repeated = toMatrix(rows.map((i) => golden.x[i]!))
    const y = Float64Array.from(golden.y)
    const a = fitRidge(x, y, { penalty: 1.5, weights: times })
    const b = fitRidge(
      repeated,
      Float64Array.from(rows, (i) => y[i]!),
      { penalty: 1.5 },
    )
    expect(
      largestDifference([a.intercept, a.coefficients, a.errors], [b.intercept, b.coefficients, b.errors]),
    ).toBeLessThan(1e-10)
    const c = fitLogistic(x, binary, 2, { penalty: 1.5, weights: times })
    const d = fitLogistic(
      repeated,
      rows.map((i) => binary[i]!),
      2,
      { penalty: 1.5 },
    )
    expect(largestDifference([c.coefficients, c.errors], [d.coefficients, d.errors])).toBeLessThan(1e-9)
  })
})

function checkDerivatives(objective: Objective, seed: number) {
  const random = createRandom(seed)
  const n = objective.size
  const at = Float64Array.from({ length: n }, () => random.normal() * 0.7)
  const gradient = new Float64Array(n)
  const up = new Float64Array(n)
  const down = new Float64Array(n)
  objective.evaluate(at, gradient)
  const hessian = new Float64Array(n * n)
  objective.hessian(at, hessian)
  const step = 1e-5
  for (let i = 0; i < n; i++) {
    const moved = at.slice()
    moved[i]! += step
    const above = objective.evaluate(moved, up)
    moved[i]! -= 2 * step
    const below = objective.evaluate(moved, down)
    expect((above - below) / (2 * step)).toBeCloseTo(gradient[i]!, 5)
    for (let j = 0; j <= i; j++) expect((up[j]! - down[j]!) / (2 * step)).toBeCloseTo(hessian[i * n + j]!, 5)
  }
}

test('gradients and Hessians are the finite differences', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0.3, 4), (seed, penalty) => {
      const random = createRandom(seed)
      const small = matrix(
        11,
        3,
        Float64Array.from({ length: 33 }, () => random.normal()),
      )
      const w = Float64Array.from({ length: 11 }, () => random.uniform() + 0.1)
      const codes = Int32Array.from({ length: 11 }, () => random.integer(2))
      checkDerivatives(binaryLogistic(small, codes, w, penalty), seed)
    }),
    { numRuns: 20 },
  )
})

test('the multinomial gradient is the finite difference, its Hessian up to the projector on common shifts', () => {
  const random = createRandom(6)
  const small = matrix(
    14,
    2,
    Float64Array.from({ length: 28 }, () => random.normal()),
  )
  const codes = Int32Array.from({ length: 14 }, (_, i) => i % 3)
  const objective = multinomialLogistic(small, codes, 3, undefined, 0.8)
  const free = new Set([2, 5, 8])
  checkDerivatives(
    {
      ...objective,
      hessian(parameters, out) {
        objective.hessian(parameters, out)
        for (const i of free) for (const j of free) if (j <= i) out[i * 9 + j]! -= 1 / 3
      },
    },
    6,
  )
})

test('the order of rows and the names of classes do not matter', () => {
  const reversed = toMatrix([...golden.x].reverse())
  const a = fitLogistic(x, many, 3, { penalty: 1 })
  const b = fitLogistic(reversed, [...many].reverse(), 3, { penalty: 1 })
  expect(largestDifference(a.coefficients, b.coefficients)).toBeLessThan(1e-9)
  const turned = fitLogistic(
    x,
    many.map((k) => 2 - k),
    3,
    { penalty: 1 },
  )
  expect(largestDifference([...turned.coefficients].reverse(), a.coefficients)).toBeLessThan(1e-9)
  const mirrored = fitLogistic(
    x,
    binary.map((k) => 1 - k),
    2,
    { penalty: 1 },
  )
  const plain = fitLogistic(x, binary, 2, { penalty: 1 })
  expect(
    largestDifference(
      mirrored.coefficients[0]!.map((value) => -value),
      plain.coefficients[0],
    ),
  ).toBeLessThan(1e-9)
})

test('separated classes and dependent columns still give finite numbers', () => {
  const twin = toMatrix(golden.x.map((row) => [...row, row[0]!]))
  const fit = fitLogistic(twin, binary, 2, { penalty: 0 })
  expect(fit.coefficients[0]!.every(Number.isFinite)).toBe(true)
  expect(fit.errors).toBeUndefined()
  const line = toMatrix([[-2], [-1], [1], [2]])
  const separated = fitLogistic(line, [0, 0, 1, 1], 2, { penalty: 0.01 })
  expect(separated.converged).toBe(true)
  const constant = fitLogistic(toMatrix([[0], [0], [0]]), [0, 1, 1], 2, { penalty: 1 })
  expect(constant.coefficients[0]![0]).toBe(0)
  expect(constant.intercepts[0]).toBeCloseTo(Math.log(2), 9)
})

test.each([2, 3])('many rows begun at a part of them reach the same minimum, %i classes', (classes) => {
  const random = createRandom(11)
  const rows = 100_003
  const many = matrix(
    rows,
    3,
    Float64Array.from({ length: rows * 3 }, () => random.normal()),
  )
  const codes = Int32Array.from({ length: rows }, (_, i) => {
    const margin = many.values[3 * i]! - 0.5 * many.values[3 * i + 1]! + 2 * random.normal()
    return margin < -0.4 ? 0 : margin < 1 || classes === 2 ? 1 : 2
  })
  const begun = fitLogistic(many, codes, classes, { penalty: 2 })
  const lbfgs = fitLogistic(many, codes, classes, { penalty: 2, solver: 'lbfgs' })
  expect(begun.converged).toBe(true)
  // both stop at a gradient of 1e-10 of the rows; the least curvature is about 0.03 a row
  expect(largestDifference(begun.coefficients, lbfgs.coefficients)).toBeLessThan(1e-8)
  expect(largestDifference(begun.errors, lbfgs.errors)).toBeLessThan(1e-8)
})

test('ridge of many rows equals that of their triangle, nearly dependent columns too', () => {
  const random = createRandom(12)
  const rows = 100_001
  const columns = Array.from({ length: 4 }, (_, f) => Float64Array.from({ length: rows }, () => f + random.normal()))
  const y = columns[0]!.map((value, i) => 2 * value - columns[1]![i]! + random.normal())
  const weights = y.map(() => 0.5 + random.uniform())
  const twin = columns[3]!.map((value) => value + 1e-5 * random.normal())
  for (const used of [columns, [...columns, twin]]) {
    const fitOf = (count: number) => {
      const part = matrix(count, used.length, new Float64Array(count * used.length))
      used.forEach((column, f) => {
        for (let i = 0; i < count; i++) part.values[i * used.length + f] = column[i]!
      })
      return fitRidge(part, y.subarray(0, count), {
        penalty: 1.5,
        weights: weights.map((w, i) => (i < 99_999 ? w : 0)),
      })
    }
    const [many, triangle] = [fitOf(rows), fitOf(99_999)]
    // rows of weight 0 change nothing
    expect(largestDifference(many.coefficients, triangle.coefficients)).toBeLessThan(1e-10)
    expect(largestDifference(many.errors, triangle.errors)).toBeLessThan(1e-10)
    expect(Math.abs(many.degrees - triangle.degrees)).toBeLessThan(1e-9)
  }
})
