import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { matrix } from '../matrix.ts'
import { closestRefused, middlePerson, worstOffGroup } from './choose-person.ts'
import { globalImportance } from './global-importance.ts'
import { columnMeans, linearShap } from './linear-shap.ts'

interface Model {
  intercept: number
  coefficients: number[]
  base: number
  values: number[][]
  scores: number[]
}
interface Golden {
  sources: string[]
  background: number[][]
  x: number[][]
  logistic: Model
  ridge: Model
}
const golden = readGolden<Golden>('ml-explain')
const dense = (rows: number[][]) => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))

test.each(['logistic', 'ridge'] as const)('contributions agree with shap and add up to the score, %s', (kind) => {
  const model = golden[kind]
  const means = columnMeans(dense(golden.background))
  const single = linearShap(
    dense(golden.x),
    model,
    means,
    golden.sources.map((_, column) => String(column)),
  )
  expect(single.base).toBeCloseTo(model.base, 10)
  expect(largestDifference(single.values, model.values.flat())).toBeLessThan(1e-9)
  const joined = linearShap(dense(golden.x), model, means, golden.sources)
  expect(joined.features).toEqual(['income', 'town', 'years'])
  model.values.forEach((values, row) => {
    const [income, indicator, a, b, c, years] = values as [number, number, number, number, number, number]
    const own = [...joined.values.subarray(row * 3, row * 3 + 3)]
    expect(largestDifference(own, [income + indicator, a + b + c, years])).toBeLessThan(1e-9)
    const sum = own.reduce((total, value) => total + value, joined.base)
    expect(Math.abs(sum - model.scores[row]!)).toBeLessThan(1e-9)
  })
})

test('a feature whose values all agree with the background contributes nothing', () => {
  const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 20 }), finite, finite, (rows, a, b) => {
      const values = Float64Array.from(rows.flatMap(([x]) => [x, 7]))
      const m = matrix(rows.length, 2, values)
      const { values: phi, base } = linearShap(m, { intercept: a, coefficients: [b, 3] }, columnMeans(m), ['x', 'c'])
      rows.forEach(([x], row) => {
        expect(Math.abs(phi[row * 2 + 1]!)).toBeLessThan(1e-9)
        expect(base + phi[row * 2]!).toBeCloseTo(a + b * x + 21, 6)
      })
    }),
  )
})

test('importance is the mean size, with the direction of the raw values', () => {
  const contributions = {
    base: 0,
    features: ['up', 'down', 'text', 'flat'],
    values: Float64Array.of(1, 2, 0.5, 0, -1, -2, 0.5, 0, 0, 0, -0.5, 0),
  }
  const cells: Record<string, Float64Array> = {
    up: Float64Array.of(3, 1, 2),
    down: Float64Array.of(1, 9, Number.NaN),
    flat: Float64Array.of(1, 2, 3),
  }
  const columns = globalImportance(contributions, (name) => ({
    cells: cells[name]
      ? { kind: 'number', values: cells[name] }
      : { kind: 'text', codes: Int32Array.of(0, 0, 1), levels: ['a', 'b'] },
  }))
  expect(columns.map(({ feature, direction }) => [feature, direction])).toEqual([
    ['down', 'higher-hurts'],
    ['up', 'higher-helps'],
    ['text', 'mixed'],
    ['flat', 'mixed'],
  ])
  expect(columns.map(({ importance }) => importance)).toEqual([4 / 3, 2 / 3, 0.5, 0])
})

test('the person is the refused one nearest to the limit, from the worst-off group', () => {
  const people = {
    scores: Float64Array.of(0.49, 0.48, 0.2, 0.9, 0.7, 0.3),
    refused: Uint8Array.of(1, 1, 1, 0, 0, 1),
    groups: { codes: Int32Array.of(0, 1, 1, 0, 0, 1), names: ['young', 'old'] },
  }
  expect(worstOffGroup(people, 2)).toBe(1)
  expect(worstOffGroup(people)).toBe(-1)
  expect(closestRefused(people, 1)).toBe(1)
  expect(closestRefused(people, -1)).toBe(0)
  expect(closestRefused({ ...people, refused: new Uint8Array(6) }, 1)).toBe(-1)
  expect(middlePerson(people.scores)).toBe(1)
  expect(middlePerson(new Float64Array(0))).toBe(-1)
})

test('no rows give no contributions', () => {
  const empty = matrix(0, 2)
  const { base, values } = linearShap(empty, { intercept: 4, coefficients: [1, 2] }, columnMeans(empty), ['a', 'b'])
  expect([base, values.length]).toEqual([4, 0])
})
