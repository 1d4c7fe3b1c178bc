import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { rank, rocAuc } from '../metrics/ranking.ts'
import { growIsolationForest, isolationDefaults, isolationScores, meanPathLength } from './isolation-forest.ts'

const golden = readGolden<{
  points: number[][]
  isolation: { mean: number[]; deviation: number[]; areas: number[] }
}>('ml-trees-more')
const rows = golden.points.length
const columns = golden.points[0]!.map((_, f) => Float64Array.from(golden.points, (row) => row[f]!))
const outlier = golden.points.map((_, row) => (row < 500 ? 0 : 1))
const scoresOf = (seed: number) =>
  isolationScores(growIsolationForest(columns, { ...isolationDefaults, seed }), columns, rows)

test('mean scores over seeds equal scikit-learn’s, and so does the power to find outliers', () => {
  const runs = Array.from({ length: 20 }, (_, seed) => scoresOf(seed))
  const { mean, deviation, areas } = golden.isolation
  for (let row = 0; row < rows; row++) {
    const own = runs.reduce((sum, scores) => sum + scores[row]!, 0) / 20
    // five standard errors of a difference of two means of 20: by chance once in 3,000 runs of 540 rows
    expect(Math.abs(own - mean[row]!)).toBeLessThan(5 * deviation[row]! * Math.sqrt(2 / 20) + 1e-6)
  }
  const ownAreas = runs.map((scores) => rocAuc(rank(outlier, scores)))
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(Math.abs(average(ownAreas) - average(areas))).toBeLessThan(0.005)
})

test('a seed gives the same forest, another seed another', () => {
  expect(scoresOf(4)).toEqual(scoresOf(4))
  expect(scoresOf(4)).not.toEqual(scoresOf(5))
})

test('each tree keeps all its rows, stays below the depth of the paper, and isolates a far point first', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 90 }), (seed, size) => {
      const near = Float64Array.from({ length: size }, (_, row) => Math.sin(row * 7 + seed))
      const far = Float64Array.from([...near, 1e6])
      const { trees, sample } = growIsolationForest([far], { trees: 50, sample: 64, seed })
      expect(sample).toBe(Math.min(64, size + 1))
      for (const tree of trees) {
        const leaves = Array.from(tree.feature).flatMap((feature, node) => (feature < 0 ? [node] : []))
        expect(leaves.reduce((sum, node) => sum + tree.cover[node]!, 0)).toBe(sample)
        for (const node of leaves)
          expect(tree.value[node]! - meanPathLength(tree.cover[node]!)).toBeLessThan(
            Math.ceil(Math.log2(sample)) + 1e-9,
          )
      }
      const scores = isolationScores({ trees, sample }, [far], size + 1)
      expect(Math.max(...scores)).toBe(scores[size]!)
    }),
    { numRuns: 30 },
  )
})

test('missing values, constant columns and single rows are defined', () => {
  const gaps = Float64Array.from({ length: 60 }, (_, row) => (row % 3 === 0 ? Number.NaN : row))
  const same = new Float64Array(60).fill(2)
  const options = { trees: 20, sample: 32, seed: 1 }
  expect(isolationScores(growIsolationForest([gaps, same], options), [gaps, same], 60).every(Number.isFinite)).toBe(
    true,
  )
  // rows that can not be told apart have the path length of a random search, hence a half
  for (const score of isolationScores(growIsolationForest([same], options), [same], 60))
    expect(score).toBeCloseTo(0.5, 12)
  const one = Float64Array.of(3)
  expect(isolationScores(growIsolationForest([one], options), [one], 1)).toEqual(Float64Array.of(0.5))
  const wide = Float64Array.of(-1e308, 1e308, 1.5e308)
  expect(isolationScores(growIsolationForest([wide], options), [wide], 3).every(Number.isFinite)).toBe(true)
})
