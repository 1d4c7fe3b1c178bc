import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { attackedNetwork, attackedWine, attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { evenSpace, spaceOf } from './attack-space.ts'
import { fastGradient } from './fast-gradient.ts'
import { linearVictim } from './linear-victim.ts'
import { chanceSlopes, lossSlopes, marginSlopes } from './logit-slopes.ts'
import { networkVictim } from './network-victim.ts'
import { projectedGradient } from './projected-gradient.ts'
import type { WhiteVictim } from './victim.ts'

const { network, wine } = attackGolden
const wineVictim = linearVictim(attackedWine)
const binary = (intercept: number, ...slopes: number[]) =>
  linearVictim({ classes: 2, intercepts: [intercept], coefficients: [Float64Array.from(slopes)] })

/** Both attacks in every norm and radius of the golden, rows to 1e-9: the same formulas in another order of summing. */
async function compare(victim: WhiteVictim, given: typeof network | typeof wine, columns: number) {
  const rows = rowsOf(given.x, columns)
  const space = evenSpace(columns, given.low, given.high)
  for (const { norm, radius, steps, stepLength, ...expected } of given.cases) {
    const fast = await fastGradient(victim, rows, given.classOf, space, { norm, radius })
    const slow = await projectedGradient(victim, rows, given.classOf, space, { norm, radius, steps, stepLength })
    const shown = given.shown * columns
    expect(largestDifference(fast.rows.values.subarray(0, shown), expected.fast)).toBeLessThan(1e-9)
    expect(largestDifference(slow.rows.values.subarray(0, shown), expected.slow)).toBeLessThan(1e-9)
    expect(fast.robustAccuracy).toBeCloseTo(expected.fastAccuracy, 12)
    expect(slow.robustAccuracy).toBeCloseTo(expected.slowAccuracy, 12)
    const reached = norm === 'linf' ? radius : radius * (1 + 1e-12)
    expect(Math.max(...fast.distances, ...slow.distances)).toBeLessThanOrEqual(reached + 1e-12)
  }
}

test('on a logistic regression of three classes they equal NumPy, and ART in double', () =>
  compare(wineVictim, wine, wine.columns))

test('on a network they equal NumPy, and ART in double', async () => {
  const victim = await networkVictim(await onnxSessions(1), attackedNetwork, { real: 'double' })
  const shown = rowsOf(network.x.slice(0, network.shown * network.inputs), network.inputs)
  const chances = await victim.predict(shown)
  expect(chances.filter((_, at) => at % 2 === 1)).toHaveLength(network.shown)
  expect(
    largestDifference(
      chances.filter((_, at) => at % 2 === 1),
      network.probabilities,
    ),
  ).toBeLessThan(1e-12)
  await compare(victim, network, network.inputs)
  await victim.close()
})

test('in single precision a network gives nearly the same slopes', async () => {
  const open = await onnxSessions(1)
  const [single, double] = [
    await networkVictim(open, attackedNetwork),
    await networkVictim(open, attackedNetwork, { real: 'double' }),
  ]
  const rows = rowsOf(network.x, network.inputs)
  const [one, other] = [
    await lossSlopes(single, rows, network.classOf),
    await lossSlopes(double, rows, network.classOf),
  ]
  expect(largestDifference(one.slopes, other.slopes)).toBeLessThan(1e-5)
  await single.close()
  await double.close()
})

test('slopes are those of finite differences', async () => {
  const rows = rowsOf(wine.x.slice(0, 5 * wine.columns), wine.columns)
  for (const slopesOf of [lossSlopes, marginSlopes, chanceSlopes]) {
    const { slopes } = await slopesOf(wineVictim, rows, wine.classOf)
    for (const at of rows.values.keys()) {
      const moved = async (by: number) => {
        const other = matrix(rows.rows, rows.columns, rows.values.with(at, rows.values[at]! + by))
        return (await slopesOf(wineVictim, other, wine.classOf)).values[Math.floor(at / rows.columns)]!
      }
      expect(slopes[at]).toBeCloseTo(((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5, 7)
    }
  }
})

const number = fc.double({ min: -3, max: 3, noNaN: true })
const table = fc
  .integer({ min: 0, max: 6 })
  .chain((rows) => fc.array(number, { minLength: 3 * rows, maxLength: 3 * rows }))
  .map((values): Matrix => rowsOf(values, 3))
const model = fc.tuple(number, number, number, number).map((numbers) => binary(...numbers))

test('attacked rows stay in the ball and the bounds; frozen columns stay; the same seed gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      model,
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.constantFrom('l2' as const, 'linf' as const),
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
      async (rows, victim, radius, norm, frozen) => {
        const classOf = Int32Array.from({ length: rows.rows }, (_, row) => row % 2)
        const space = evenSpace(3, -3, 3, frozen)
        const attack = () =>
          projectedGradient(victim, rows, classOf, space, { norm, radius, steps: 5, starts: 2, seed: 4 })
        const slow = await attack()
        for (const { rows: moved, distances } of [
          slow,
          await fastGradient(victim, rows, classOf, space, { norm, radius }),
        ]) {
          expect(moved.values.every((cell) => cell >= -3 && cell <= 3)).toBe(true)
          expect(distances.every((distance) => distance <= radius * (1 + 1e-9) + 1e-12)).toBe(true)
          expect(moved.values.every((cell, at) => !frozen.includes(at % 3) || cell === rows.values[at])).toBe(true)
        }
        expect((await attack()).rows.values).toEqual(slow.rows.values)
      },
    ),
    { numRuns: 60 },
  )
})

test('on a linear victim a larger radius never leaves more rows right', async () => {
  await fc.assert(
    fc.asyncProperty(
      table.filter(({ rows }) => rows > 0),
      model,
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.constantFrom('l2' as const, 'linf' as const),
      async (rows, victim, a, b, norm) => {
        const classOf = Int32Array.from({ length: rows.rows }, (_, row) => row % 2)
        const accuracy = async (radius: number) =>
          (await fastGradient(victim, rows, classOf, evenSpace(3), { norm, radius })).robustAccuracy
        expect(await accuracy(Math.max(a, b))).toBeLessThanOrEqual(await accuracy(Math.min(a, b)))
      },
    ),
  )
})

test('random starts never end worse, and are told as progress until they are cancelled', async () => {
  const rows = rowsOf(wine.x, wine.columns)
  const space = spaceOf(rows)
  const told: number[] = []
  const options = { radius: 0.4, steps: 6, onProgress: (fraction: number) => told.push(fraction) }
  const plain = await projectedGradient(wineVictim, rows, wine.classOf, space, options)
  const tries = await projectedGradient(wineVictim, rows, wine.classOf, space, { ...options, starts: 3, seed: 1 })
  expect(tries.robustAccuracy).toBeLessThanOrEqual(plain.robustAccuracy)
  expect(told.at(-1)).toBe(1)
  expect(told.slice(7)).toEqual(told.slice(7).toSorted((a, b) => a - b))
  let asked = 0
  const attack = projectedGradient(wineVictim, rows, wine.classOf, space, { ...options, cancelled: () => ++asked > 3 })
  await expect(attack).rejects.toMatchObject({ code: 'cancelled' })
})

test('no rows, a constant model and nothing that may change', async () => {
  const none = await projectedGradient(wineVictim, matrix(0, wine.columns), [], evenSpace(wine.columns), { radius: 1 })
  expect([none.rows.rows, none.robustAccuracy]).toEqual([0, Number.NaN])
  const rows = rowsOf([1, 2, 3, 4], 2)
  const flat = await projectedGradient(binary(1, 0, 0), rows, [1, 0], evenSpace(2), { radius: 1 })
  expect(flat.rows.values).toEqual(rows.values)
  expect([...flat.fooled]).toEqual([0, 1])
  const still = await fastGradient(binary(0, 1, 1), rows, [1, 0], evenSpace(2, 0, 9, [0, 1]), { radius: 1 })
  expect(still.rows.values).toEqual(rows.values)
  expect([...still.distances]).toEqual([0, 0])
})

test('missing cells and classes that do not exist are refused', async () => {
  const attack = (cells: number[], classOf: number[]) =>
    fastGradient(binary(0, 1, 1), rowsOf(cells, 2), classOf, evenSpace(2), { radius: 1 })
  await expect(attack([1, Number.NaN], [1])).rejects.toMatchObject({ code: 'data-bad' })
  await expect(attack([1, 1], [2])).rejects.toThrow(RangeError)
  await expect(attack([1, 1], [])).rejects.toThrow(RangeError)
  const single = { ...binary(0, 1, 1), classes: 1 }
  await expect(fastGradient(single, matrix(0, 2), [], evenSpace(2), { radius: 1 })).rejects.toThrow(RangeError)
  const backwards = fastGradient(binary(0, 1, 1), matrix(0, 2), [], evenSpace(2), { radius: -1 })
  await expect(backwards).rejects.toThrow(RangeError)
})
