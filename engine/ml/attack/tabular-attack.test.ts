import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowsOf } from '../../../bench/parity/attack-victims.ts'
import { changeRules } from '../explain/change-rules.ts'
import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { tabularAttack } from './tabular-attack.ts'
import { binaryVictim } from './victim.ts'

/** Loans: income, children, home (0 own, 1 rent, 2 parents), age. */
const random = createRandom(7)
const table = rowsOf(
  Array.from({ length: 120 }, () => [
    Math.round(1_000 + 3_000 * random.uniform()) + 0.5,
    random.integer(4),
    random.integer(3),
    20 + random.integer(50),
  ]).flat(),
  4,
)
const limits = { categories: [2], immutable: [3], rising: [0] }
const rules = changeRules(table, limits)
const scored = (formula: (row: Float64Array) => number) =>
  binaryVictim((rows: Matrix) =>
    Float64Array.from({ length: rows.rows }, (_, row) => 1 / (1 + Math.exp(-formula(rowOf(rows, row))))),
  )
const smooth = scored(
  ([income, children, home, age]) => (income! - 2_500) / 400 - 0.8 * children! + [1, -1, 0][home!]! + (age! - 45) / 20,
)
/** Only the class can be seen, as of a single tree. */
const flat = scored(([income, children, home]) => (income! > 2_800 && (children! < 2 || home === 0) ? 9 : -9))

async function attackRefused(victim = smooth, more = {}) {
  const chances = await victim.predict(table)
  const refused = [...Array(table.rows).keys()].filter((row) => chances[2 * row + 1]! < 0.5)
  const rows = rowsOf(
    refused.flatMap((row) => [...rowOf(table, row)]),
    4,
  )
  const classOf = new Uint8Array(rows.rows)
  return { rows, ...(await attackAll(victim, rows, classOf, more)) }
}
const attackAll = async (victim: typeof smooth, rows: Matrix, classOf: ArrayLike<number>, more = {}) => ({
  found: await tabularAttack(victim, rules, rows, classOf, table, { seed: 3, ...more }),
})

test.each([
  ['probabilities', smooth],
  ['classes only', flat],
])('by %s it accepts most of the refused, every row one that could occur', async (_, victim) => {
  const { rows, found } = await attackRefused(victim)
  expect(1 - found.robustAccuracy).toBeGreaterThan(0.95)
  for (let row = 0; row < rows.rows; row++) {
    const [from, to] = [rowOf(rows, row), rowOf(found.rows, row)]
    expect(to[0]).toBeGreaterThanOrEqual(from[0]!)
    expect(to[0]).toBeLessThanOrEqual(rules[0]!.high)
    expect([0, 1, 2, 3]).toContain(to[1])
    expect([0, 1, 2]).toContain(to[2])
    expect(to[3]).toBe(from[3])
    expect(found.distances[row]! > 0).toBe(found.fooled[row] === 1)
  }
})

test('what it changes is needed: with any one change taken back the row is refused again', async () => {
  const { rows, found } = await attackRefused()
  for (let row = 0; row < rows.rows; row++) {
    const [from, to] = [rowOf(rows, row), rowOf(found.rows, row)]
    if (!found.fooled[row]) continue
    for (const column of [0, 1, 2])
      if (to[column] !== from[column]) {
        const chances = await smooth.predict(matrix(1, 4, to.with(column, from[column]!)))
        expect(chances[1]).toBeLessThanOrEqual(0.5)
      }
  }
})

test('the number of columns and the cost are kept, more of either fools more', async () => {
  const shares: number[] = []
  for (const [mostColumns, mostCost] of [
    [1, 1],
    [1, 3],
    [3, 9],
  ] as const) {
    const { rows, found } = await attackRefused(smooth, { mostColumns, mostCost })
    shares.push(1 - found.robustAccuracy)
    for (let row = 0; row < rows.rows; row++) {
      const changed = rowOf(found.rows, row).filter((cell, j) => cell !== rowOf(rows, row)[j])
      expect(changed.length).toBeLessThanOrEqual(mostColumns)
      expect(found.distances[row]).toBeLessThanOrEqual(mostCost)
    }
  }
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares[0]).toBeLessThan(shares[2]!)
})

test('any rows, missing cells among them, keep their types and what is immutable; the same seed gives the same bytes', async () => {
  const cell = fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.constant(Number.NaN))
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 8, maxLength: 8 }), async (cells) => {
      const home = (value: number) => (Number.isNaN(value) ? value : Math.abs(value) % 3)
      const rows = rowsOf(cells.with(2, home(cells[2]!)).with(6, home(cells[6]!)), 4)
      const victim = scored((row) => row.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : Math.sin(value)), 0))
      const { found } = await attackAll(victim, rows, [0, 1])
      found.rows.values.forEach((value, at) => {
        const before = rows.values[at]!
        if (Number.isNaN(before) || at % 4 === 3) expect(value).toEqual(before)
        if (at % 4 === 2 && !Number.isNaN(before)) expect([0, 1, 2]).toContain(value)
        if (at % 4 === 1 && !Number.isNaN(before)) expect(Number.isInteger(value)).toBe(true)
      })
      expect((await attackAll(victim, rows, [0, 1])).found.rows.values).toEqual(found.rows.values)
    }),
    { numRuns: 25 },
  )
})

test('no rows, rows that are misclassified, a constant model, all immutable, a cancel', async () => {
  expect((await attackAll(smooth, matrix(0, 4), [])).found.robustAccuracy).toBeNaN()
  const rows = rowsOf([1_500.5, 2, 1, 40], 4)
  const stays = async (victim: typeof smooth, classOf: number[], fooled: number, use = rules) => {
    const found = await tabularAttack(victim, use, rows, classOf, table)
    expect(found.rows.values).toEqual(rows.values)
    expect([...found.fooled]).toEqual([fooled])
  }
  await stays(smooth, [1], 1)
  await stays(
    scored(() => -1),
    [0],
    0,
  )
  await stays(smooth, [0], 0, changeRules(table, { categories: [2], immutable: [0, 1, 2, 3] }))
  await expect(attackAll(smooth, rows, [0], { cancelled: () => true })).rejects.toMatchObject({ code: 'cancelled' })
})
