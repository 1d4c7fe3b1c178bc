import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, pairs, scoring, smooth, wide } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { chooseCoalitions } from './choose-coalitions.ts'
import { kernelShap } from './kernel-shap.ts'
import { permutationShap } from './permutation-shap.ts'

interface Values {
  base: number
  values: number[][]
}
interface Golden {
  background: number[][]
  x: number[][]
  kernel: Values
  wide: Values & { background: number[][]; x: number[][]; samples: number; errors: number[] }
  permutation: Values
}
const golden = readGolden<Golden>('ml-explain-models')
const x = dense(golden.x)
const background = dense(golden.background)
const names = ['a', 'b', 'c', 'd', 'e']
const wideNames = golden.wide.x[0]!.map((_, j) => `x${j}`)

test('with 2^M samples kernel values equal shap’s exact ones', async () => {
  const found = await kernelShap(scoring(smooth), x, background, names, { samples: 32 })
  // shap solves least squares where ours adds up: both are exact, rounding differs
  expect(largestDifference(found.values, golden.kernel.values.flat())).toBeLessThan(1e-9)
  expect(found.base).toBeCloseTo(golden.kernel.base, 12)
  const large = dense(golden.wide.x)
  const exact = await kernelShap(scoring(wide), large, dense(golden.wide.background), wideNames)
  expect(largestDifference(exact.values, golden.wide.values.flat())).toBeLessThan(1e-8)
})

test('sampled kernel values are as near as shap’s over twenty seeds', async () => {
  const [large, others] = [dense(golden.wide.x), dense(golden.wide.background)]
  const exact = golden.wide.values.flat()
  let ours = 0
  for (let seed = 0; seed < 20; seed++) {
    const { values } = await kernelShap(scoring(wide), large, others, wideNames, { samples: golden.wide.samples, seed })
    ours += values.reduce((sum, value, at) => sum + Math.abs(value - exact[at]!), 0) / values.length / 20
  }
  const shap = golden.wide.errors.reduce((sum, error) => sum + error, 0) / golden.wide.errors.length
  expect(ours).toBeLessThan(1.15 * shap)
  expect(ours).toBeGreaterThan(0)
})

test('standard errors of sampled values say how far off they are', async () => {
  const [large, others] = [dense(golden.wide.x), dense(golden.wide.background)]
  const exact = golden.wide.values.flat()
  const ways = [
    (seed: number) => kernelShap(scoring(wide), large, others, wideNames, { samples: 300, seed }),
    (seed: number) => permutationShap(scoring(wide), large, others, wideNames, { rounds: 10, seed }),
  ]
  for (const way of ways) {
    let [squares, count] = [0, 0]
    for (let seed = 0; seed < 12; seed++) {
      const { values, errors } = await way(seed)
      values.forEach((value, at) => {
        const [gap, error] = [value - exact[at]!, errors![at]!]
        if (error < 1e-9) return expect(Math.abs(gap)).toBeLessThan(1e-8)
        squares += (gap / error) ** 2
        count++
      })
    }
    // of right errors it is 1; ten rounds have nine degrees of freedom, whose mean square is 9/7
    expect(squares / count).toBeGreaterThan(0.5)
    expect(squares / count).toBeLessThan(1.7)
  }
  const counted = await kernelShap(scoring(smooth), x, background, names, { samples: 32 })
  expect(counted.errors).toBeUndefined()
})

test('permutation values equal shap’s where interactions are pairs, from one round on', async () => {
  for (const rounds of [1, 10]) {
    const found = await permutationShap(scoring(pairs), x, background, names, { rounds })
    expect(largestDifference(found.values, golden.permutation.values.flat())).toBeLessThan(1e-12)
    expect(found.base).toBeCloseTo(golden.permutation.base, 12)
  }
})

test('the coalitions drawn come in pairs, and their weights add up to 1', () => {
  const { members, weights } = chooseCoalitions(9, 120, createRandom(1))
  const sets = new Map(
    Array.from(weights, (weight, c) => [members.subarray(c * 9, (c + 1) * 9).join(''), weight] as const),
  )
  expect(sets.size).toBe(weights.length)
  for (const [set, weight] of sets) {
    const others = [...set].map((member) => (member === '1' ? '0' : '1')).join('')
    expect(sets.get(others)).toBeCloseTo(weight, 12)
  }
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
})

const number = fc.double({ min: -3, max: 3, noNaN: true })
const tables = fc.record({
  x: fc.array(fc.array(number, { minLength: 11, maxLength: 11 }), { minLength: 1, maxLength: 2 }),
  background: fc.array(fc.array(number, { minLength: 11, maxLength: 11 }), { minLength: 1, maxLength: 4 }),
})

test('values add up to the score less the base, sampled ones too', async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.integer({ min: 1, max: 200 }), async (given, samples) => {
      const rows = dense(given.x)
      const others = dense(given.background)
      const scores = scoring(wide)(rows)
      for (const found of [
        await kernelShap(scoring(wide), rows, others, wideNames, { samples }),
        await permutationShap(scoring(wide), rows, others, wideNames, { rounds: 2 }),
      ])
        scores.forEach((score, row) => {
          const sum = found.values.subarray(row * 11, (row + 1) * 11).reduce((a, b) => a + b, found.base)
          expect(Math.abs(sum - score)).toBeLessThan(1e-9 * Math.max(1, Math.abs(score)))
        })
    }),
    { numRuns: 25 },
  )
})

test('players of the same effect share alike, and one without effect gets nothing', async () => {
  const twins = ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => {
      const at = row * columns
      return Math.tanh(values[at]! + values[at + 1]!) * values[at + 2]!
    })
  await fc.assert(
    fc.asyncProperty(number, number, number, async (a, b, c) => {
      const [rows, others] = [matrix(1, 4, Float64Array.of(a, a, b, c)), matrix(1, 4, Float64Array.of(c, c, a, b))]
      const { values } = await kernelShap(twins, rows, others, ['p', 'q', 'r', 'unused'])
      expect(values[0]).toBeCloseTo(values[1]!, 12)
      expect(Math.abs(values[3]!)).toBeLessThan(1e-12)
    }),
  )
})

test('columns of one source are one player, and an answer may come later', async () => {
  const later = (rows: Matrix) => Promise.resolve(scoring(pairs)(rows))
  const joined = await kernelShap(later, x, background, ['a', 'b', 'b', 'd', 'a'])
  const apart = await kernelShap(scoring(pairs), x, background, names)
  expect(joined.features).toEqual(['a', 'b', 'd'])
  for (let row = 0; row < x.rows; row++) {
    const [a, b, c, d, e] = apart.values.subarray(row * 5, row * 5 + 5)
    const whole = [a! + e!, b! + c!, d!]
    expect(largestDifference(joined.values.subarray(row * 3, row * 3 + 3), whole)).toBeLessThan(1e-12)
  }
})

test('what the background shares counts nothing, and the same seed gives the same values', async () => {
  const same = await kernelShap(
    scoring(smooth),
    matrix(1, 5, x.values.slice(0, 5)),
    matrix(1, 5, x.values.slice(0, 5)),
    names,
  )
  expect([...same.values]).toEqual([0, 0, 0, 0, 0])
  const large = dense(golden.wide.x)
  const run = (seed: number) =>
    permutationShap(scoring(wide), large, dense(golden.wide.background), wideNames, { rounds: 1, seed })
  expect((await run(4)).values).toEqual((await run(4)).values)
  expect((await run(4)).values).not.toEqual((await run(5)).values)
})

test('no rows give no values; no background is refused', async () => {
  expect((await kernelShap(scoring(smooth), matrix(0, 5), background, names)).values.length).toBe(0)
  await expect(kernelShap(scoring(smooth), x, matrix(0, 5), names)).rejects.toThrow(ProblemError)
})
