import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { attackedNetwork, attackedWine, attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { rowOf } from '../explain/score-rows.ts'
import { matrix } from '../matrix.ts'
import { evenSpace, spaceOf } from './attack-space.ts'
import { inversionLikeness, invertClass } from './invert-class.ts'
import { linearVictim } from './linear-victim.ts'
import { networkVictim } from './network-victim.ts'

const { inversion, network, wine } = attackGolden
const victim = linearVictim({
  classes: 2,
  intercepts: [inversion.intercept],
  coefficients: [Float64Array.from(inversion.coefficients)],
})

test('let run for as many steps it ends where ART’s MIFace does', async () => {
  const space = evenSpace(network.inputs, network.low, network.high)
  const options = { steps: inversion.steps, rate: inversion.rate, goal: -1 }
  const { rows, chances } = await invertClass(victim, matrix(2, network.inputs), [0, 1], space, options)
  // ART's predictions come from scikit-learn in double; only the order of sums differs.
  expect(largestDifference(rows.values, inversion.rows)).toBeLessThan(1e-9)
  const seen = (await victim.predict(rows)) as Float64Array
  expect(chances[0]).toBeCloseTo(seen[0]!, 14)
  expect(chances[1]).toBeCloseTo(seen[3]!, 14)
})

test('it ends as soon as it is sure enough, or makes no headway', async () => {
  const space = evenSpace(network.inputs, network.low, network.high)
  const told: number[] = []
  const options = { rate: 0.5, goal: 0.3, onProgress: (fraction: number) => told.push(fraction) }
  const { chances } = await invertClass(victim, matrix(1, network.inputs), [1], space, options)
  expect(chances[0]).toBeGreaterThan(0.7)
  expect(told.length).toBeLessThan(20)
  told.length = 0
  const still = linearVictim({ classes: 2, intercepts: [-1], coefficients: [Float64Array.of(0)] })
  const flat = await invertClass(still, matrix(1, 1), [1], evenSpace(1), { ...options, patience: 7 })
  expect(told.length).toBe(9)
  expect([...flat.rows.values]).toEqual([0])
})

test('rows of a network and of three classes look like their class, not like another', async () => {
  const net = await networkVictim(await onnxSessions(1), attackedNetwork, { real: 'double' })
  const people = rowsOf(network.x, network.inputs)
  const found = await invertClass(net, matrix(2, network.inputs), [0, 1], spaceOf(people), { goal: 0.001 })
  expect(Math.min(...found.chances)).toBeGreaterThan(0.99)
  for (const k of [0, 1]) {
    expect(inversionLikeness(rowOf(found.rows, k), people, network.classOf, k)).toBeGreaterThan(0.5)
    expect(inversionLikeness(rowOf(found.rows, k), people, network.classOf, 1 - k)).toBeLessThan(0)
  }
  await net.close()
  const wines = rowsOf(wine.x, wine.columns)
  const three = await invertClass(linearVictim(attackedWine), matrix(3, wine.columns), [0, 1, 2], spaceOf(wines))
  expect(Math.min(...three.chances)).toBeGreaterThan(0.98)
  for (const k of [0, 1, 2]) {
    const likeness = [0, 1, 2].map((own) => inversionLikeness(rowOf(three.rows, k), wines, wine.classOf, own))
    expect(likeness[k]).toBe(Math.max(...likeness))
    expect(likeness[k]).toBeGreaterThan(0.7)
  }
})

test('bounds and frozen columns hold; no starts, missing cells, a cancel', async () => {
  const space = { ...evenSpace(network.inputs, -0.5, 0.5), frozen: [0, 3] }
  const { rows } = await invertClass(victim, matrix(2, network.inputs), [0, 1], space, { steps: 30, rate: 2 })
  expect(rows.values.every((cell) => cell >= -0.5 && cell <= 0.5)).toBe(true)
  expect([0, 3].map((j) => rows.values[j])).toEqual([0, 0])
  expect((await invertClass(victim, matrix(0, network.inputs), [], space)).rows.rows).toBe(0)
  const hole = matrix(1, network.inputs, new Float64Array(network.inputs).fill(Number.NaN))
  await expect(invertClass(victim, hole, [0], space)).rejects.toMatchObject({ code: 'data-bad' })
  const cancelled = invertClass(victim, matrix(1, network.inputs), [0], space, { cancelled: () => true })
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
})

test('likeness is 1 at the mean of the class, 0 at the mean of all and where nothing varies', () => {
  const rows = rowsOf([0, 0, 7, 2, 4, 7, 4, 2, 7], 3)
  expect(inversionLikeness(Float64Array.of(3, 3, 9), rows, [0, 1, 1], 1)).toBeCloseTo(1, 12)
  expect(inversionLikeness(Float64Array.of(2, 2, 7), rows, [0, 1, 1], 1)).toBe(0)
  expect(inversionLikeness(Float64Array.of(1), rowsOf([5, 5], 1), [0, 1], 1)).toBe(0)
})
