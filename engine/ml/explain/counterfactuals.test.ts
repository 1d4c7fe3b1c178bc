import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { admit, type Counterfactual, changedColumns, changeRules } from './change-rules.ts'
import { geneticCounterfactuals } from './genetic-counterfactuals.ts'
import { growingSpheres } from './growing-spheres.ts'

const { table: rows } = readGolden<{ table: number[][] }>('ml-explain-models')
const table = dense(rows)
const limits = { categories: [4], immutable: [1], rising: [0], falling: [2] }
const rules = changeRules(table, limits)
const rowAt = (index: number) => Float64Array.from(rows[index]!)
const refused = rows
  .map((_, index) => index)
  .filter((index) => smooth(rows[index]!) < 0.45)
  .slice(0, 12)

function keepsRules(from: Float64Array, { row, changes, score }: Counterfactual) {
  expect(score).toBe(smooth(row))
  expect(row[1]).toBe(from[1])
  expect(row[0]).toBeGreaterThanOrEqual(from[0]!)
  expect(row[2]).toBeLessThanOrEqual(from[2]!)
  expect(rules[4]!.levels).toContain(row[4])
  row.forEach((value, j) => {
    expect(value).toBeGreaterThanOrEqual(rules[j]!.low)
    expect(value).toBeLessThanOrEqual(rules[j]!.high)
  })
  expect(changes.map(({ column }) => column)).toEqual([...row.keys()].filter((j) => row[j] !== from[j]))
}

test('both searches reach the wanted score within the rules', async () => {
  let reached = 0
  for (const index of refused) {
    const from = rowAt(index)
    const wanted = { atLeast: 0.5 }
    const sphere = await growingSpheres(scoring(smooth), rules, from, wanted)
    const bred = await geneticCounterfactuals(scoring(smooth), rules, from, wanted, table)
    for (const found of sphere ? [sphere, ...bred] : bred) {
      reached++
      keepsRules(from, found)
      expect(found.score).toBeGreaterThanOrEqual(0.5)
    }
    if (sphere) expect(sphere.changes.every(({ column }) => column !== 4)).toBe(true)
    expect(new Set(bred.map(({ changes }) => changes.map(({ column }) => column).join())).size).toBe(bred.length)
  }
  expect(reached).toBeGreaterThan(2 * refused.length)
})

/** A line whose nearest accepted row is known: distance is the gap over the steepest way. */
const line = ({ rows: count, columns, values }: Matrix) =>
  Float64Array.from({ length: count }, (_, at) => values[at * columns]! + 0.5 * values[at * columns + 1]!)
const square = matrix(5, 2, Float64Array.of(-8, -8, -1, -1, 0, 0, 1, 1, 8, 8))

test('on a line they come near the least change there is', async () => {
  const plain = changeRules(square)
  expect(plain.map(({ scale }) => scale)).toEqual([1, 1])
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: -5, max: 0.5, noNaN: true }),
      fc.integer({ min: 0, max: 99 }),
      async (start, seed) => {
        const from = Float64Array.of(start, 0)
        const gap = 1 - start
        const sphere = await growingSpheres(line, plain, from, { atLeast: 1 }, { seed })
        const distance = Math.hypot(...sphere!.changes.map((change) => change.to - change.from))
        expect(distance).toBeGreaterThanOrEqual(gap / Math.hypot(1, 0.5) - 1e-9)
        expect(sphere!.cost).toBeLessThan(gap * 2.1)
        const [bred] = await geneticCounterfactuals(line, plain, from, { atLeast: 1 }, square, { seed })
        // moving the first column alone is cheapest
        expect(bred!.cost).toBeGreaterThanOrEqual(gap - 1e-9)
        expect(bred!.cost).toBeLessThan(gap * 1.1 + 0.05)
      },
    ),
    { numRuns: 12 },
  )
})

test('scores can be wanted lower, whole numbers stay whole, categories change in the genetic search', async () => {
  const whole = changeRules(
    dense([
      [1, 0, 0.5],
      [9, 1, 0.25],
      [4, 2, 0.75],
    ]),
    { categories: [1] },
  )
  const model = ({ rows: count, columns, values }: Matrix) =>
    Float64Array.from({ length: count }, (_, at) => values[at * columns]! + (values[at * columns + 1] === 2 ? -20 : 0))
  const from = Float64Array.of(7, 0, 0.5)
  const sphere = await growingSpheres(model, whole, from, { atMost: 4.5 })
  expect([...sphere!.row]).toEqual([4, 0, 0.5])
  const [bred] = await geneticCounterfactuals(model, whole, from, { atMost: -5 }, dense([[1, 0, 0.5]]))
  expect([...bred!.row]).toEqual([7, 2, 0.5])
  expect(bred!.cost).toBe(1)
})

test('where nothing can reach the wanted score the answer is none', async () => {
  const flat = ({ rows: count }: Matrix) => new Float64Array(count)
  expect(await growingSpheres(flat, rules, rowAt(0), { atLeast: 1 }, { samples: 20 })).toBeUndefined()
  expect(await geneticCounterfactuals(flat, rules, rowAt(0), { atLeast: 1 }, table, { generations: 3 })).toEqual([])
  const fixed = changeRules(table, { immutable: [0, 1, 2, 3, 4] })
  expect(await growingSpheres(scoring(smooth), fixed, rowAt(0), { atLeast: 2 })).toBeUndefined()
  expect(() => changeRules(matrix(0, 2))).toThrow(ProblemError)
})

test('missing cells stay missing, and the same seed finds the same', async () => {
  const model = ({ rows: count, columns, values }: Matrix) =>
    Float64Array.from(
      { length: count },
      (_, at) => values[at * columns]! + (Number.isNaN(values[at * columns + 1]!) ? 0 : 9),
    )
  const from = Float64Array.of(0, Number.NaN)
  const plain = changeRules(square)
  const run = (seed: number) => growingSpheres(model, plain, from, { atLeast: 2 }, { seed })
  const first = await run(1)
  expect(first!.row[1]).toBeNaN()
  expect(first!.changes.map(({ column }) => column)).toEqual([0])
  expect(await run(1)).toEqual(first)
  const bred = (seed: number) =>
    geneticCounterfactuals(model, plain, from, { atLeast: 2 }, square, { seed, generations: 5 })
  expect(await bred(2)).toEqual(await bred(2))
  expect((await bred(2))[0]!.row[1]).toBeNaN()
})

test('a cell becomes the nearest value its rule lets it', () => {
  const rule = { may: 'rise', low: 0, high: 10, scale: 1, whole: true } as const
  expect([admit(rule, 3, 1), admit(rule, 3, 4.6), admit(rule, 3, 99), admit(rule, 12, 11)]).toEqual([3, 5, 10, 12])
  expect(admit({ ...rule, may: 'fall' }, 3, 4)).toBe(3)
  expect(admit({ ...rule, may: 'not' }, 3, 4)).toBe(3)
  expect(changedColumns(Float64Array.of(0, Number.NaN, 1), Float64Array.of(-0, Number.NaN, 2))).toEqual([2])
  expect(admit({ ...rule, may: 'both', levels: [1, 2] }, 1, 7)).toBe(1)
})
