import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attackedWine, attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { rowOf } from '../explain/score-rows.ts'
import { fitLogistic } from '../linear/logistic.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { copyAgreement } from './copy-agreement.ts'
import { extractModel } from './extract-model.ts'
import { linearVictim } from './linear-victim.ts'
import { solveLogistic } from './solve-logistic.ts'
import { binaryVictim, likeliest, type Victim } from './victim.ts'

const { wine } = attackGolden
const counted = (victim: Victim) => {
  const seen = { ...victim, questions: 0 }
  seen.predict = (rows) => {
    seen.questions += rows.rows
    return victim.predict(rows)
  }
  return seen
}
const number = fc.double({ min: -2, max: 2, noNaN: true })

test('a logistic regression is stolen exactly with one question more than it has columns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(number, { minLength: 1, maxLength: 8 }),
      number,
      number,
      async (slopes, intercept, middle) => {
        const victim = counted(
          linearVictim({ classes: 2, intercepts: [intercept], coefficients: [Float64Array.from(slopes)] }),
        )
        const base = new Float64Array(slopes.length).fill(middle / 4)
        const stolen = await solveLogistic(victim, base, new Float64Array(slopes.length).fill(1))
        expect(victim.questions).toBe(slopes.length + 1)
        // Probabilities hold sixteen digits; those near 0 or 1 lose up to four in their odds.
        expect(largestDifference(stolen.coefficients[0]!, slopes)).toBeLessThan(1e-11)
        expect(largestDifference([...stolen.intercepts], [intercept])).toBeLessThan(1e-11)
      },
    ),
  )
})

test('of three classes too, and the copy agrees everywhere', async () => {
  const victim = linearVictim(attackedWine)
  const stolen = await solveLogistic(victim, new Float64Array(wine.columns), new Float64Array(wine.columns).fill(0.5))
  for (const k of [0, 1, 2]) {
    const apart = attackedWine.coefficients[k]!.map((slope, j) => slope - attackedWine.coefficients[0]![j]!)
    expect(largestDifference(stolen.coefficients[k]!, apart)).toBeLessThan(1e-11)
  }
  const { agreement, distance } = await copyAgreement(victim, linearVictim(stolen), rowsOf(wine.x, wine.columns))
  expect(agreement).toBe(1)
  expect(distance).toBeLessThan(1e-12)
})

test('answers rounded to three digits give only rounded coefficients', async () => {
  const exact = linearVictim({ classes: 2, intercepts: [0.3], coefficients: [Float64Array.of(1, -0.7)] })
  const rounded: Victim = {
    classes: 2,
    predict: async (rows) => (await exact.predict(rows)).map((chance) => Math.round(chance * 1_000) / 1_000),
  }
  const { coefficients } = await solveLogistic(rounded, Float64Array.of(0, 0), Float64Array.of(1, 1))
  const off = largestDifference(coefficients[0]!, [1, -0.7])
  expect(off).toBeGreaterThan(1e-6)
  expect(off).toBeLessThan(0.01)
})

test('certain answers and steps of 0 are refused', async () => {
  const sure = binaryVictim(({ rows }) => new Float64Array(rows).fill(1))
  await expect(solveLogistic(sure, Float64Array.of(0), Float64Array.of(1))).rejects.toMatchObject({ code: 'data-bad' })
  await expect(solveLogistic(sure, Float64Array.of(0), Float64Array.of(0))).rejects.toThrow(RangeError)
})

/** A bent boundary: inside a circle. */
const circle = binaryVictim(({ rows, columns, values }: Matrix) =>
  Float64Array.from({ length: rows }, (_, row) => {
    const [a, b] = [values[row * columns]!, values[row * columns + 1]!]
    return 1 / (1 + Math.exp(4 * (a * a + b * b - 2)))
  }),
)
function pool(rows: number, seed: number): Matrix {
  const random = createRandom(seed)
  return matrix(
    rows,
    2,
    Float64Array.from({ length: 2 * rows }, () => 1.5 * random.normal()),
  )
}
const squares = (rows: Matrix) => {
  const wide = matrix(rows.rows, 5)
  for (let row = 0; row < rows.rows; row++) {
    const [a, b] = rowOf(rows, row)
    rowOf(wide, row).set([a!, b!, a! * a!, b! * b!, a! * b!])
  }
  return wide
}
/** Logistic regression on squares and products. */
const train = (rows: Matrix, chances: Float64Array): Victim => {
  const classOf = likeliest(chances, 2)
  const inner = linearVictim(fitLogistic(squares(rows), classOf, 2, { penalty: 0.01, errors: false }))
  return { classes: 2, predict: (asked) => inner.predict(squares(asked)) }
}

test('a copy agrees with the model it asked, more so the more it asks where it is unsure', async () => {
  const [known, fresh] = [pool(2_000, 1), pool(2_000, 2)]
  const agreementOf = async (queries: number, rounds: number, seed: number) => {
    const victim = counted(circle)
    const { copy, asked } = await extractModel(victim, known, train, { queries, rounds, seed })
    expect([asked.length, new Set(asked).size, victim.questions]).toEqual([queries, queries, queries])
    return (await copyAgreement(circle, copy, fresh)).agreement
  }
  const mean = async (queries: number, rounds: number) => {
    const all = await Promise.all([1, 2, 3, 4, 5].map((seed) => agreementOf(queries, rounds, seed)))
    return all.reduce((sum, one) => sum + one, 0) / all.length
  }
  const [few, many, adaptive] = [await mean(20, 1), await mean(100, 1), await mean(100, 5)]
  expect(many).toBeGreaterThan(few)
  expect(many).toBeGreaterThan(0.95)
  expect(adaptive).toBeGreaterThan(many)
})

test('the same seed asks the same rows, progress is told, a pool is never asked twice', async () => {
  const known = pool(30, 3)
  const told: number[] = []
  const ask = (queries: number) =>
    extractModel(circle, known, train, { queries, seed: 9, rounds: 4, onProgress: (part) => told.push(part) })
  expect((await ask(17)).asked).toEqual((await ask(17)).asked)
  expect(told.slice(0, 5)).toEqual([0, 4 / 17, 9 / 17, 13 / 17, 1])
  expect((await ask(99)).asked.toSorted()).toEqual(Uint32Array.from({ length: 30 }, (_, row) => row))
})

test('no rows to ask about, a cancel, copies of other classes', async () => {
  await expect(extractModel(circle, pool(0, 1), train)).rejects.toMatchObject({ code: 'rows-missing' })
  await expect(extractModel(circle, pool(9, 1), train, { queries: 0 })).rejects.toMatchObject({ code: 'rows-missing' })
  const cancelled = extractModel(circle, pool(9, 1), train, { cancelled: () => true })
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  await expect(copyAgreement(circle, linearVictim(attackedWine), pool(1, 1))).rejects.toThrow(RangeError)
  expect((await copyAgreement(circle, circle, pool(0, 1))).agreement).toBeNaN()
})
