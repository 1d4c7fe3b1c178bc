import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { percentileIntervals } from '../statistics/bootstrap.ts'
import { meanOverQueries, type RankedRows, type RetrievalFigures, retrievalFigures } from './retrieval.ts'

interface Golden {
  relevance: number[][]
  scores: number[][]
  tied: number[][]
  ndcg: Record<string, number[]>
  ndcgTied: number[]
  ndcgExponential: number[]
  averagePrecision: number[]
  reciprocalRank: number[]
  precision: number[]
}
const golden = readGolden<{ retrieval: Golden }>('ml-judge').retrieval
const rowsOf = (relevance: number[][], scores: number[][]): RankedRows => ({
  relevance: relevance.flat(),
  scores: Float64Array.from(scores.flat()),
  query: relevance.flatMap((list, query) => list.map(() => query)),
})
const plain = rowsOf(golden.relevance, golden.scores)

test('NDCG equals scikit-learn’s, ties and cutoffs included', () => {
  for (const [cutoff, values] of Object.entries(golden.ndcg))
    expect(largestDifference(retrievalFigures(plain, { cutoff: Number(cutoff) }).ndcg, values)).toBeLessThan(1e-13)
  const tied = retrievalFigures(rowsOf(golden.relevance, golden.tied))
  expect(largestDifference(tied.ndcg, golden.ndcgTied)).toBeLessThan(1e-13)
  const exponential = retrievalFigures(plain, { gain: 'exponential' })
  expect(largestDifference(exponential.ndcg, golden.ndcgExponential)).toBeLessThan(1e-13)
})

test('average precision, reciprocal rank and precision at 3 equal scikit-learn’s without ties', () => {
  const all = retrievalFigures(plain)
  expect(largestDifference(all.averagePrecision, golden.averagePrecision)).toBeLessThan(1e-13)
  expect(largestDifference(all.reciprocalRank, golden.reciprocalRank)).toBeLessThan(1e-13)
  expect(largestDifference(retrievalFigures(plain, { cutoff: 3 }).precision, golden.precision)).toBeLessThan(1e-13)
})

function orders(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]]
  return values.flatMap((value, at) => orders(values.toSpliced(at, 1)).map((rest) => [value, ...rest]))
}

test('with ties every figure is its mean over all orders of the tied rows', () => {
  const names: (keyof RetrievalFigures)[] = ['ndcg', 'averagePrecision', 'reciprocalRank', 'precision', 'recall']
  fc.assert(
    fc.property(
      fc.array(fc.record({ relevance: fc.nat(2), score: fc.nat(2) }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      (list, cutoff) => {
        const relevance = list.map((row) => row.relevance)
        const own = retrievalFigures({ relevance, scores: Float64Array.from(list, (row) => row.score) }, { cutoff })
        const all = orders([...list.keys()]).map((order) => {
          const scores = Float64Array.from(list, (row, at) => row.score + order[at]! / 100)
          return retrievalFigures({ relevance, scores }, { cutoff })
        })
        for (const name of names) {
          const mean = all.reduce((sum, figures) => sum + figures[name][0]!, 0) / all.length
          expect(own[name][0]!).toBeCloseTo(mean, 12)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('means weigh queries, and their bootstrap interval holds the mean', () => {
  const { ndcg } = retrievalFigures(plain)
  expect(meanOverQueries(Float64Array.of(1, 0, 0.5), Float64Array.of(2, 0, 2))).toBe(0.75)
  const [interval] = percentileIntervals(ndcg.length, (counts) => [meanOverQueries(ndcg, counts)], {
    random: createRandom(1),
    replicates: 300,
  })
  const mean = meanOverQueries(ndcg)
  expect(interval!.low).toBeLessThan(mean)
  expect(interval!.high).toBeGreaterThan(mean)
})

test('lists without relevant rows, and empty lists, are 0', () => {
  const figures = retrievalFigures({ relevance: [0, 0, 1], scores: Float64Array.of(2, 1, 3), query: [0, 0, 2] })
  expect(Array.from(figures.ndcg)).toEqual([0, 0, 1])
  expect(Array.from(figures.averagePrecision)).toEqual([0, 0, 1])
  expect(Array.from(figures.precision)).toEqual([0, 0, 1])
  expect(meanOverQueries(new Float64Array(0))).toBeNaN()
})
