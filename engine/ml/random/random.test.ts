import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chiSquareTest } from '../statistics/chi-square-test.ts'
import { moments } from '../statistics/moments.ts'
import { createRandom, xoshiroStep } from './random.ts'

test('the sequence is fixed for ever: other seeds, platforms and versions must not change it', () => {
  const random = createRandom(1)
  expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
    [
      1624277677,
      3129330799,
      290571662,
    ]
  `)
  expect(createRandom(1).split('rows').uniform()).toMatchInlineSnapshot(`0.21708917182225862`)
  expect([...createRandom('seed').permutation(6)]).toMatchInlineSnapshot(`
    [
      1,
      0,
      3,
      2,
      5,
      4,
    ]
  `)
})

test('the generator is xoshiro128**, after Blackman and Vigna', () => {
  const mask = 0xffffffffn
  const rotate = (v: bigint, k: bigint) => ((v << k) | (v >> (32n - k))) & mask
  const state = [11n, 22n, 33n, 44n]
  const reference = () => {
    const result = (rotate((state[1]! * 5n) & mask, 7n) * 9n) & mask
    const t = (state[1]! << 9n) & mask
    state[2]! ^= state[0]!
    state[3]! ^= state[1]!
    state[1]! ^= state[2]!
    state[0]! ^= state[3]!
    state[2]! ^= t
    state[3] = rotate(state[3]!, 11n)
    return Number(result)
  }
  const words = Uint32Array.of(11, 22, 33, 44)
  for (let draw = 0; draw < 1_000; draw++) expect(xoshiroStep(words)).toBe(reference())
})

test('a split depends on its label alone, not on what was drawn', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.nat(20), (seed, label, draws) => {
      const random = createRandom(seed)
      for (let draw = 0; draw < draws; draw++) random.uint32()
      expect(random.split(label).uint32()).toBe(createRandom(seed).split(label).uint32())
    }),
  )
  const first = new Set(Array.from({ length: 2_000 }, (_, i) => createRandom(7).split(i).uint32()))
  expect(first.size).toBe(2_000)
  expect(createRandom(7).split(1).uint32()).not.toBe(createRandom(7).split('1').uint32())
})

test('uniform and normal numbers have the moments they should', () => {
  const random = createRandom(3)
  const uniform = moments(Float64Array.from({ length: 40_000 }, () => random.uniform()))
  expect(Math.abs(uniform.mean - 0.5)).toBeLessThan(0.006)
  expect(Math.abs(uniform.variance - 1 / 12)).toBeLessThan(0.002)
  expect(uniform.min).toBeGreaterThanOrEqual(0)
  expect(uniform.max).toBeLessThan(1)
  const normal = moments(Float64Array.from({ length: 40_000 }, () => random.normal()))
  expect(Math.abs(normal.mean)).toBeLessThan(0.02)
  expect(Math.abs(normal.variance - 1)).toBeLessThan(0.03)
  expect(Math.abs(normal.excessKurtosis)).toBeLessThan(0.1)
})

test('integers are even over their range and shuffles keep every value', () => {
  const random = createRandom(5)
  const counts = new Array<number>(7).fill(0)
  for (let draw = 0; draw < 14_000; draw++) counts[random.integer(7)]!++
  expect(chiSquareTest([counts, new Array<number>(7).fill(2_000)]).pValue).toBeGreaterThan(0.001)
  expect([...createRandom(9).permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
})
