import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { accumulatedEffects } from './accumulated-effects.ts'
import { cunnaneQuantile, featureGrid } from './feature-grid.ts'
import { centredCurves, partialDependence, partialDependenceOfTwo } from './partial-dependence.ts'
import { permutationImportance } from './permutation-importance.ts'

interface Dependence<Average> {
  grid: number[][]
  average: Average
  individual: number[][]
}
interface Golden {
  table: number[][]
  y: number[]
  importance: { orders: number[][]; importances: number[][]; means: number[]; deviations: number[] }
  dependence: { numbers: Dependence<number[]>; few: Dependence<number[]>; two: Dependence<number[][]> }
  effects: Record<
    'fine' | 'coarse' | 'ties',
    { column: number; bins: number; edges: number[]; effects: number[]; sizes: number[]; half: (number | null)[] }
  >
}
const golden = readGolden<Golden>('ml-explain-models')
const table = dense(golden.table)
const names = ['a', 'b', 'c', 'd', 'e']
const column = (index: number) => Float64Array.from(golden.table, (row) => row[index]!)
/** Less the mean squared error of the golden's target. */
const merit = (scores: Float64Array) =>
  -scores.reduce((sum, score, row) => sum + (score - golden.y[row]!) ** 2, 0) / scores.length

test('importance equals scikit-learn’s on its own shuffles', async () => {
  const { orders, importances, means, deviations } = golden.importance
  const found = await permutationImportance(scoring(smooth), table, merit, names, {
    order: (repeat) => orders[repeat]!,
  })
  expect(
    largestDifference(
      found.map(({ drops }) => [...drops]),
      importances,
    ),
  ).toBeLessThan(1e-12)
  expect(
    largestDifference(
      found.map(({ importance }) => importance),
      means,
    ),
  ).toBeLessThan(1e-12)
  expect(
    largestDifference(
      found.map(({ deviation }) => deviation),
      deviations,
    ),
  ).toBeLessThan(1e-12)
})

test('the interval of importance holds its mean, and own shuffles land near scikit-learn’s', async () => {
  const found = await permutationImportance(scoring(smooth), table, merit, names, { repeats: 30 })
  found.forEach(({ importance, low, high }, feature) => {
    expect(low).toBeLessThan(importance)
    expect(high).toBeGreaterThan(importance)
    // six standard deviations of a mean of five, plus ours
    expect(Math.abs(importance - golden.importance.means[feature]!)).toBeLessThan(
      (6 * golden.importance.deviations[feature]!) / Math.sqrt(5) + high - low,
    )
  })
  const single = await permutationImportance(scoring(smooth), table, merit, names, { repeats: 1 })
  expect(single.map(({ high }) => high)).toEqual(names.map(() => Number.NaN))
})

test('columns of one source are shuffled together; one the model does not use has importance 0', async () => {
  const difference = ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns]! - values[row * columns + 1]!)
  const copies = dense(golden.table.map(([a, b]) => [a!, a!, b!]))
  const flat = (scores: Float64Array) => -scores.reduce((sum, score) => sum + score * score, 0)
  const joined = await permutationImportance(difference, copies, flat, ['a', 'a', 'b'])
  expect(joined.map(({ feature, importance }) => [feature, importance])).toEqual([
    ['a', 0],
    ['b', 0],
  ])
  const apart = await permutationImportance(difference, copies, flat, ['a', 'copy', 'b'])
  expect(apart[0]!.importance).toBeGreaterThan(1)
})

test.each([
  ['numbers', 0],
  ['few', 4],
] as const)('grid, partial dependence and single curves equal scikit-learn’s, %s', async (name, index) => {
  const peer = golden.dependence[name]
  const grid = featureGrid(column(index), { resolution: 12 })
  expect(largestDifference(grid, peer.grid[0])).toBeLessThan(1e-12)
  const { average, individual } = await partialDependence(scoring(smooth), table, index, grid)
  expect(largestDifference(average, peer.average)).toBeLessThan(1e-12)
  expect(largestDifference(individual, peer.individual.flat())).toBeLessThan(1e-12)
  const centred = centredCurves(individual, grid.length)
  expect(centred[grid.length]).toBe(0)
  expect(centred[grid.length + 1]).toBe(individual[grid.length + 1]! - individual[grid.length]!)
})

test('partial dependence of two features equals scikit-learn’s', async () => {
  const peer = golden.dependence.two
  const grids = [featureGrid(column(0), { resolution: 8 }), featureGrid(column(4), { resolution: 8 })] as const
  expect(
    largestDifference(
      grids.map((grid) => [...grid]),
      peer.grid,
    ),
  ).toBeLessThan(1e-12)
  const average = await partialDependenceOfTwo(scoring(smooth), table, [0, 4], grids)
  expect(largestDifference(average, peer.average.flat())).toBeLessThan(1e-12)
})

test.each(['fine', 'coarse', 'ties'] as const)(
  'accumulated effects equal PyALE’s on type 1 quantiles, %s',
  async (name) => {
    const { column: index, bins, edges, effects, sizes, half } = golden.effects[name]
    const found = await accumulatedEffects(scoring(smooth), table, index, bins)
    expect([...found.edges]).toEqual(edges)
    expect([...found.sizes]).toEqual(sizes)
    expect(largestDifference(found.effects, effects)).toBeLessThan(1e-12)
    expect(largestDifference(found.half, half)).toBeLessThan(1e-10)
  },
)

const cell = fc.double({ min: -5, max: 5, noNaN: true })

test('a feature that adds has its own line as effect, whatever it goes along with', async () => {
  const additive = ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => 3 * values[row * columns]! + values[row * columns + 1]! ** 2)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 30 }), async (rows) => {
      const { edges, effects, sizes } = await accumulatedEffects(additive, dense(rows), 0, 5)
      for (let k = 1; k < edges.length; k++)
        expect(effects[k]! - effects[k - 1]!).toBeCloseTo(3 * (edges[k]! - edges[k - 1]!), 8)
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(edges.length > 1 ? rows.length : 0)
    }),
  )
})

test('missing cells, one value and no rows', async () => {
  expect([...featureGrid(Float64Array.of(2, Number.NaN, 1, 2))]).toEqual([1, 2])
  expect([...featureGrid(new Float64Array(200).fill(3), { resolution: 2 })]).toEqual([3])
  const mostly = Float64Array.from({ length: 200 }, (_, row) => (row < 4 ? row : 9))
  expect([...featureGrid(mostly, { resolution: 3 })]).toEqual([0, 1, 2, 3, 9])
  expect(cunnaneQuantile(Float64Array.of(4), 0.5)).toBe(4)
  const some = matrix(3, 5, table.values.slice(0, 15))
  some.values[0] = Number.NaN
  const { sizes } = await accumulatedEffects(scoring(smooth), some, 0, 2)
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(2)
  const constant = matrix(2, 5)
  expect(await accumulatedEffects(scoring(smooth), constant, 0)).toMatchObject({ effects: Float64Array.of(0) })
  await expect(partialDependence(scoring(smooth), matrix(0, 5), 0, Float64Array.of(1))).rejects.toThrow(ProblemError)
  await expect(permutationImportance(scoring(smooth), matrix(0, 5), merit, names)).rejects.toThrow(ProblemError)
})
