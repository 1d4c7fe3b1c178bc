import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { attackedNetwork, attackedWine, attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { evenSpace } from './attack-space.ts'
import { carliniWagner } from './carlini-wagner.ts'
import { linearVictim } from './linear-victim.ts'
import { networkVictim } from './network-victim.ts'
import { projectedGradient } from './projected-gradient.ts'
import { binaryVictim, type WhiteVictim } from './victim.ts'
import { zerothOrder } from './zeroth-order.ts'

const { network, wine, decision } = attackGolden
const wineVictim = linearVictim(attackedWine)
const binary = (intercept: number, ...slopes: number[]) =>
  linearVictim({ classes: 2, intercepts: [intercept], coefficients: [Float64Array.from(slopes)] })
const space = evenSpace(network.inputs, network.low, network.high)
const rightRows = rowsOf(
  decision.rows.flatMap((row) => network.x.slice(row * network.inputs, (row + 1) * network.inputs)),
  network.inputs,
)
const rightClasses = decision.rows.map((row) => network.classOf[row]!)
const median = (values: Iterable<number>) => [...values].toSorted((a, b) => a - b)[12]!

/** The smallest radius, by bisection, at which projected gradients fool each row. */
async function bisectedRadii(victim: WhiteVictim, rows: Matrix, classOf: readonly number[], columns: number) {
  const radii: number[] = []
  for (const [row, own] of classOf.entries()) {
    const one = matrix(1, columns, rows.values.slice(row * columns, (row + 1) * columns))
    let [near, far] = [0, 16]
    for (let halving = 0; halving < 14; halving++) {
      const radius = (near + far) / 2
      const options = { norm: 'l2' as const, radius, steps: 40, stepLength: radius / 8 }
      const { fooled } = await projectedGradient(victim, one, [own], evenSpace(columns, -99, 99), options)
      if (fooled[0]) far = radius
      else near = radius
    }
    radii.push(far)
  }
  return radii
}

test('Carlini & Wagner is never farther than bisected projected gradients on nine rows of ten', async () => {
  const victim = await networkVictim(await onnxSessions(1), attackedNetwork, { real: 'double' })
  const wide = evenSpace(network.inputs, -99, 99)
  const found = await carliniWagner(victim, rightRows, rightClasses, wide, { learningRate: 0.002 })
  const radii = await bisectedRadii(victim, rightRows, rightClasses, network.inputs)
  expect(found.robustAccuracy).toBe(0)
  const closer = radii.filter((radius, row) => found.distances[row]! <= radius * 1.0001)
  expect(closer.length / radii.length).toBeGreaterThanOrEqual(0.9)
  await victim.close()
})

test('on a linear model Carlini & Wagner and ZOO come to the exact distance, |margin| / |slopes|', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.array(fc.double({ min: 0.3, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      async (cells, slopes, intercept) => {
        const victim = binary(intercept, ...slopes)
        const margin = intercept + cells.reduce((sum, cell, j) => sum + cell * slopes[j]!, 0)
        const exact = Math.abs(margin) / Math.hypot(...slopes)
        const rows = rowsOf(cells, 4)
        for (const attack of [carliniWagner, zerothOrder]) {
          const { distances, fooled } = await attack(victim, rows, [margin > 0 ? 1 : 0], evenSpace(4, -20, 20))
          expect(fooled[0]).toBe(1)
          expect(distances[0]).toBeGreaterThan(exact * (1 - 1e-9) - 1e-9)
          expect(distances[0]).toBeLessThan(exact * 1.01 + 1e-6)
        }
      },
    ),
    { numRuns: 15 },
  )
})

test('of three classes the nearest boundary is found for nine rows of ten, a boundary for all', async () => {
  const rows = rowsOf(wine.x.slice(0, 20 * wine.columns), wine.columns)
  const wide = evenSpace(wine.columns, -30, 30)
  const { distances } = await carliniWagner(wineVictim, rows, wine.classOf.slice(0, 20), wide)
  const shares = [...distances].flatMap((distance, row) => {
    const logits = wineVictim.logits(rowsOf(wine.x.slice(row * wine.columns, (row + 1) * wine.columns), wine.columns))
    const own = wine.classOf[row]!
    const exact = [0, 1, 2]
      .filter((k) => k !== own)
      .map((k) => {
        const apart = attackedWine.coefficients[own]!.map((slope, j) => slope - attackedWine.coefficients[k]![j]!)
        return Math.max(0, (logits as Float64Array)[own]! - (logits as Float64Array)[k]!) / Math.hypot(...apart)
      })
    const least = Math.min(...exact)
    return least > 0 ? [distance / least] : []
  })
  expect(Math.min(...shares)).toBeGreaterThan(1 - 1e-9)
  expect(Math.max(...shares)).toBeLessThan(1.5)
  expect(shares.filter((share) => share < 1.01).length).toBeGreaterThanOrEqual(0.9 * shares.length)
})

test('ZOO fools as many rows as ART’s and at no greater distance', async () => {
  const victim = await networkVictim(await onnxSessions(1), attackedNetwork, { real: 'double' })
  const black = binaryVictim(async (rows) => (await victim.predict(rows)).filter((_, at) => at % 2 === 1))
  const options = { steps: 60, searches: 6, columnsAtOnce: 10, learningRate: 0.05 }
  for (const seed of [1, 2]) {
    const found = await zerothOrder(black, rightRows, rightClasses, space, { ...options, seed })
    expect(1 - found.robustAccuracy).toBeGreaterThanOrEqual(Math.min(...decision.zoo.map(({ fooled }) => fooled)))
    expect(median(found.distances)).toBeLessThan(Math.min(...decision.zoo.map(({ median: peer }) => peer)))
    if (seed === 1) {
      const again = await zerothOrder(black, rightRows, rightClasses, space, { ...options, seed })
      expect(again.rows.values).toEqual(found.rows.values)
    }
  }
  await victim.close()
})

test.each([carliniWagner, zerothOrder])(
  '%o keeps bounds and frozen columns and leaves fooled rows alone',
  async (attack) => {
    const victim = binary(0.1, 1, -2, 0.5)
    const rows = rowsOf([1, 0, 0, 0, 1, 0, 1, 0, 0], 3)
    const tight = evenSpace(3, -1, 1, [1])
    const { rows: moved, fooled, distances } = await attack(victim, rows, [1, 0, 0], tight, { steps: 60 })
    expect(moved.values.every((cell) => cell >= -1 && cell <= 1)).toBe(true)
    expect([1, 4, 7].map((at) => moved.values[at])).toEqual([0, 1, 0])
    expect([...fooled]).toEqual([1, 0, 1])
    expect([...distances.subarray(1)]).toEqual([0, 0])
  },
)

test.each([carliniWagner, zerothOrder])(
  '%o: no rows, a constant model, nothing that may change, a cancel',
  async (attack) => {
    const quick = { steps: 5, searches: 2 }
    expect((await attack(binary(0, 1, 1), matrix(0, 2), [], evenSpace(2), quick)).rows.rows).toBe(0)
    const rows = rowsOf([1, 2], 2)
    for (const [victim, frozen] of [
      [binary(1, 0, 0), []],
      [binary(1, 1, 1), [0, 1]],
    ] as const) {
      const { rows: moved, fooled } = await attack(victim, rows, [1], evenSpace(2, -3, 3, frozen), quick)
      expect([...fooled]).toEqual([0])
      expect(moved.values).toEqual(rows.values)
    }
    await expect(attack(binary(0, 1, 1), rows, [1], evenSpace(2), { cancelled: () => true })).rejects.toMatchObject({
      code: 'cancelled',
    })
  },
)
