import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { dense, scoring, smooth } from '../../../bench/parity/formula-models.ts'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { drawNeighbours, lime, neighbourWeights } from './lime.ts'
import { limeColumns } from './lime-table.ts'
import { localRegression } from './local-regression.ts'

interface Explained {
  intercept: number
  weights: [number, number][]
  fit: number
  prediction: number
  scaled: number[][]
  scores: number[]
  kernel: number[]
}
interface Part {
  row: number[]
  results: Record<'5' | '3', Explained>
  mean: number[]
  scale: number[]
  means?: Record<string, number[]>
  deviations?: Record<string, number[]>
  band: { means: number[]; deviations: number[] }
}
const golden = readGolden<{ table: number[][]; quartiles: Part; plain: Part }>('ml-explain-models-lime')
const training = dense(golden.table)

test.each(['quartiles', 'plain'] as const)('weights and local model equal lime’s on its neighbours, %s', (kind) => {
  for (const features of ['5', '3'] as const) {
    const peer = golden[kind].results[features]
    const seen = dense(peer.scaled)
    const weights = neighbourWeights(seen)
    expect(largestDifference(weights, peer.kernel)).toBeLessThan(1e-12)
    const found = localRegression(seen, Float64Array.from(peer.scores), weights, Number(features))
    expect(found.terms.map(({ column }) => column)).toEqual(peer.weights.map(([column]) => column))
    const size = found.terms.map(({ weight }) => weight)
    expect(
      largestDifference(
        size,
        peer.weights.map(([, weight]) => weight),
      ),
    ).toBeLessThan(1e-10)
    const rest = [found.intercept, found.fit, found.prediction]
    expect(largestDifference(rest, [peer.intercept, peer.fit, peer.prediction])).toBeLessThan(1e-10)
  }
})

test('the training table is described as lime does', () => {
  limeColumns(training, [4]).forEach((column, index) => {
    if (column.kind !== 'bins') return expect(column).toMatchObject({ kind: 'levels', levels: [0, 1, 2, 3, 4, 5] })
    expect(
      largestDifference(
        column.bins.map(({ mean }) => mean),
        golden.quartiles.means![index],
      ),
    ).toBeLessThan(1e-12)
    // lime adds 1e-11 to every deviation
    expect(
      largestDifference(
        column.bins.map(({ deviation }) => deviation),
        golden.quartiles.deviations![index],
      ),
    ).toBeLessThan(2e-11)
  })
  limeColumns(training, [4], false).forEach((column, index) => {
    if (column.kind !== 'number') return
    const { mean, scale } = golden.plain
    expect(largestDifference([column.mean, column.deviation], [mean[index], scale[index]])).toBeLessThan(1e-12)
  })
})

test.each(['quartiles', 'plain'] as const)('own neighbours give lime’s weights within its spread, %s', async (kind) => {
  const { row, band } = golden[kind]
  const columns = limeColumns(training, [4], kind === 'quartiles')
  const options = { samples: 30_000, features: 5 }
  const { terms } = await lime(scoring(smooth), columns, Float64Array.from(row), options)
  // lime's mean is over fifteen seeds of 2,000 neighbours: five of its standard errors and five of ours
  terms.forEach(({ weight }, j) => {
    const error = band.deviations[j]! * (1 / Math.sqrt(15) + Math.sqrt(2_000 / 30_000))
    expect(Math.abs(weight - band.means[j]!)).toBeLessThan(5 * error + 1e-3)
  })
})

test('a linear model is found again, and the same seed draws the same', async () => {
  const line = ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows }, (_, row) => 2 + 3 * values[row * columns]! - values[row * columns + 3]!)
  const columns = limeColumns(training, [4], false)
  const row = Float64Array.from(golden.plain.row)
  const found = await lime(line, columns, row, { samples: 20_000, features: 2 })
  const deviation = (j: number) => (columns[j]!.kind === 'number' ? columns[j]!.deviation : 1)
  expect(found.terms.map(({ column }) => column)).toEqual([0, 3])
  expect(found.terms[0]!.weight / deviation(0)).toBeCloseTo(3, 2)
  expect(found.terms[1]!.weight / deviation(3)).toBeCloseTo(-1, 2)
  expect(found.fit).toBeGreaterThan(0.999)
  expect(found.score).toBe(line(matrix(1, 5, row))[0])
  expect(drawNeighbours(columns, row, 50, 3)).toEqual(drawNeighbours(columns, row, 50, 3))
  expect(drawNeighbours(columns, row, 50, 3)).not.toEqual(drawNeighbours(columns, row, 50, 4))
})

test('drawn numbers stay in their bins, missing ones are a bin, and scores that do not vary fit', async () => {
  const cell = fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.constant(Number.NaN))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
      const columns = limeColumns(dense(rows), [1])
      const { rows: drawn, seen } = drawNeighbours(columns, Float64Array.from(rows[0]!), 40)
      const known = rows.map(([value]) => value).filter((value) => !Number.isNaN(value))
      for (let row = 0; row < 40; row++) {
        const value = drawn.values[row * 2]!
        if (Number.isNaN(value)) expect(known.length).toBeLessThan(rows.length)
        else expect(value >= Math.min(...known) && value <= Math.max(...known)).toBe(true)
        expect([0, 1]).toContain(seen.values[row * 2])
      }
      const flat = await lime((batch) => new Float64Array(batch.rows).fill(4), columns, Float64Array.from(rows[0]!), {
        samples: 40,
      })
      expect(flat.prediction).toBeCloseTo(4, 10)
      expect(flat.fit).toBeGreaterThan(0.99)
    }),
  )
})

test('a missing number without bins and a table without rows are refused', async () => {
  const columns = limeColumns(training, [4], false)
  const row = Float64Array.of(Number.NaN, 0, 0, 0, 1)
  await expect(lime(scoring(smooth), columns, row)).rejects.toThrow(ProblemError)
  expect(() => limeColumns(matrix(0, 2), [])).toThrow(ProblemError)
})
