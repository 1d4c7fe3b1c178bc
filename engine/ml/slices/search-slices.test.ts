import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { bitsOf, countBoth, inAll, rowsOf } from './row-bits.ts'
import { searchSlices, sliceSearchDefaults } from './search-slices.ts'
import type { RowSet } from './slice-figures.ts'

interface SliceTest {
  label: string
  fisher: number
  fisherHolm: number
  fisherBenjaminiHochberg: number
  welch: number
  welchHolm: number
  welchBenjaminiHochberg: number
}
const golden = readGolden<{
  slices: { columns: Record<string, number[]>; errors: number[]; sizes: number[]; tests: SliceTest[] }
}>('ml-judge').slices

const setsOf = (columns: Record<string, readonly number[]>): RowSet[] =>
  Object.entries(columns).flatMap(([column, cells]) =>
    [...new Set(cells)].sort().map((value) => ({
      label: `${column} = ${value}`,
      conditions: [{ column, value: String(value) }],
      rows: Uint32Array.from(cells.flatMap((cell, row) => (cell === value ? [row] : []))),
    })),
  )
const errors = Uint8Array.from(golden.errors)
const sizes = Float64Array.from(golden.sizes)
const sets = setsOf(golden.columns)

test.each([
  ['fisher', 'holm'],
  ['fisher', 'benjamini-hochberg'],
  ['welch', 'holm'],
  ['welch', 'benjamini-hochberg'],
] as const)('p-values of %s, corrected by %s, equal SciPy’s and statsmodels’ to 1e-10', (kind, correction) => {
  const outcomes = kind === 'fisher' ? { errors } : { errors, sizes }
  const search = searchSlices(sets, outcomes, { ...sliceSearchDefaults, depth: 2, correction, level: 1 })
  expect(search).toMatchObject({ tested: golden.tests.length, depth: 2 })
  expect(search.found.length).toBeGreaterThan(4)
  const name = correction === 'holm' ? 'Holm' : 'BenjaminiHochberg'
  for (const slice of search.found) {
    const expected = golden.tests.find(({ label }) => label === slice.label)!
    expect(Math.abs(Math.log(slice.pValue / expected[kind]))).toBeLessThan(1e-9)
    expect(Math.abs(slice.adjusted - expected[`${kind}${name}`])).toBeLessThan(1e-10)
  }
})

test('the planted slice comes out, and no narrower one within a worse wider one', () => {
  const { found } = searchSlices(sets, { errors })
  expect(found.map((slice) => slice.label)).toContain('a = 1 and b = 2')
  for (const slice of found)
    for (const wider of found)
      if (wider !== slice && wider.conditions.every((one) => slice.conditions.some((own) => own === one)))
        expect(wider.errorRate.value!).toBeLessThan(slice.errorRate.value!)
})

test('on pure noise a false slice comes out in at most about one run of twenty', () => {
  let runs = 0
  for (let seed = 0; seed < 200; seed++) {
    const random = createRandom(seed)
    const draw = (levels: number) => Array.from({ length: 200 }, () => random.integer(levels))
    const noise = setsOf({ a: draw(3), b: draw(2), c: draw(2) })
    const outcomes = { errors: Uint8Array.from({ length: 200 }, () => (random.uniform() < 0.3 ? 1 : 0)) }
    if (searchSlices(noise, outcomes, { ...sliceSearchDefaults, minRows: 15 }).found.length > 0) runs++
  }
  // Holm promises 10 of 200 at most on average; 19 is three standard deviations above
  expect(runs).toBeLessThan(19)
})

test('small slices, repeated rows, too many tests and empty input are left out', () => {
  const cells = [0, 0, 0, 0, 1, 1, 1, 1]
  const twins = setsOf({ a: cells, b: cells })
  const outcomes = { errors: Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0) }
  const options = { ...sliceSearchDefaults, minRows: 2, level: 1 }
  expect(searchSlices(twins, outcomes, options)).toMatchObject({ tested: 4, depth: 1 })
  expect(searchSlices(twins, outcomes, { ...options, minRows: 5 }).tested).toBe(0)
  expect(searchSlices(sets, { errors }, { ...sliceSearchDefaults, mostTests: 12 })).toMatchObject({
    tested: 9,
    depth: 1,
    left: true,
  })
  expect(searchSlices([], { errors: new Uint8Array(0) })).toEqual({ found: [], tested: 0, depth: 0, left: false })
})

test('bits of rows say what sets of rows would', () => {
  const all = 100
  const some = fc.uniqueArray(fc.integer({ min: 0, max: all - 1 }))
  fc.assert(
    fc.property(some, some, (a, b) => {
      const bits = [a, b].map((rows) => bitsOf(Uint32Array.from(rows), all))
      const both = a.filter((row) => b.includes(row)).sort((x, y) => x - y)
      expect(countBoth(bits[0]!, bits[1]!)).toBe(both.length)
      expect([...rowsOf(inAll(bits))]).toEqual(both)
    }),
  )
})
