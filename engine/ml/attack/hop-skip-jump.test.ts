import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { attackedNetwork, attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { evenSpace } from './attack-space.ts'
import { hopSkipJump } from './hop-skip-jump.ts'
import { linearVictim } from './linear-victim.ts'
import { networkVictim } from './network-victim.ts'
import { binaryVictim } from './victim.ts'

const { network, decision } = attackGolden
const binary = (intercept: number, ...slopes: number[]) =>
  linearVictim({ classes: 2, intercepts: [intercept], coefficients: [Float64Array.from(slopes)] })
/** A tree: steps without slopes. */
const steps = binaryVictim(({ rows, columns, values }: Matrix) =>
  Float64Array.from({ length: rows }, (_, row) => {
    const [a, b] = [values[row * columns]!, values[row * columns + 1]!]
    return a > 1 ? (b > 0.5 ? 0.9 : 0.3) : 0.1
  }),
)

test('with as many questions it comes nearer than ART’s', async () => {
  const victim = await networkVictim(await onnxSessions(1), attackedNetwork, { real: 'double' })
  const all = rowsOf(network.x, network.inputs)
  const rows = rowsOf(
    decision.rows.flatMap((row) => network.x.slice(row * network.inputs, (row + 1) * network.inputs)),
    network.inputs,
  )
  const classOf = decision.rows.map((row) => network.classOf[row]!)
  const space = evenSpace(network.inputs, network.low, network.high)
  for (const [norm, seed] of [
    ['l2', 1],
    ['l2', 2],
    ['linf', 1],
  ] as const) {
    const options = { norm, seed, firstQueries: 50 }
    const { robustAccuracy, distances } = await hopSkipJump(victim, rows, classOf, space, all, options)
    expect(robustAccuracy).toBe(0)
    const sorted = distances.toSorted()
    const median = (sorted[11]! + sorted[12]!) / 2
    expect(median, `${norm} ${seed}`).toBeLessThan(Math.min(...decision.medians[norm]) * 0.9)
  }
  await victim.close()
})

test('on a linear model it comes within a tenth of the exact distance', async () => {
  const victim = binary(0.5, 1, -2, 0.5, 1)
  const rows = rowsOf([1, 1, 1, 2, 2, -1, 0, 1], 4)
  const exact = [1 + 0.5 - 2 + 0.5 + 2, 2 + 0.5 + 2 + 1].map((margin) => margin / Math.hypot(1, 2, 0.5, 1))
  const others = rowsOf([-5, 5, 0, 0, 3, 4, 0, -4], 4)
  const { distances } = await hopSkipJump(victim, rows, [1, 1], evenSpace(4, -9, 9), others, { rounds: 40 })
  distances.forEach((distance, row) => {
    expect(distance).toBeGreaterThanOrEqual(exact[row]! - 1e-9)
    expect(distance).toBeLessThan(exact[row]! * 1.1)
  })
})

test('a tree is fooled by its nearest edge', async () => {
  const rows = rowsOf([1.4, 2, 0.2, 0.9], 2)
  const others = rowsOf([0, 0, 3, 3], 2)
  const { distances, fooled } = await hopSkipJump(steps, rows, [1, 0], evenSpace(2, -5, 5), others)
  expect([...fooled]).toEqual([1, 1])
  distances.forEach((distance, row) => {
    expect(distance).toBeGreaterThan([0.4, 0.8][row]!)
    expect(distance).toBeLessThan([0.4, 0.8][row]! * 1.05)
  })
})

const number = fc.double({ min: -3, max: 3, noNaN: true })

test('bounds and frozen columns hold, fooled means fooled, the same seed gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(number, { minLength: 6, maxLength: 6 }),
      fc.array(number, { minLength: 9, maxLength: 9 }),
      fc.tuple(number, number, number, number),
      fc.constantFrom('l2' as const, 'linf' as const),
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
      async (cells, starts, model, norm, frozen) => {
        const [rows, victim] = [rowsOf(cells, 3), binary(...model)]
        const options = { norm, seed: 'a', rounds: 4, firstQueries: 10 }
        const attack = (more = {}) =>
          hopSkipJump(victim, rows, [0, 1], evenSpace(3, -3, 3, frozen), rowsOf(starts, 3), { ...options, ...more })
        const found = await attack()
        expect(found.rows.values.every((cell) => cell >= -3 && cell <= 3)).toBe(true)
        expect(found.rows.values.every((cell, at) => !frozen.includes(at % 3) || cell === cells[at])).toBe(true)
        found.fooled.forEach((one, row) => {
          if (!one) expect(found.distances[row]).toBe(0)
        })
        expect((await attack()).rows.values).toEqual(found.rows.values)
      },
    ),
    { numRuns: 40 },
  )
})

test('no rows, no row of another class, a constant model, nothing that may change, a cancel', async () => {
  const space = evenSpace(2, -3, 3)
  const [rows, others] = [rowsOf([1, 2], 2), rowsOf([-3, -3], 2)]
  expect((await hopSkipJump(binary(0, 1, 1), matrix(0, 2), [], space, others)).rows.rows).toBe(0)
  const stays = async (victim = binary(0, 1, 1), starts = others, frozen: number[] = []) => {
    const { rows: moved, fooled } = await hopSkipJump(victim, rows, [1], { ...space, frozen }, starts)
    expect(moved.values).toEqual(rows.values)
    expect([...fooled]).toEqual([0])
  }
  await stays(binary(0, 1, 1), matrix(0, 2))
  await stays(binary(0, 1, 1), rows)
  await stays(binary(1, 0, 0))
  await stays(binary(0, 1, 1), others, [0, 1])
  const attack = hopSkipJump(binary(0, 1, 1), rows, [1], space, others, { cancelled: () => true })
  await expect(attack).rejects.toMatchObject({ code: 'cancelled' })
})
