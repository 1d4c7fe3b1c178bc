import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { committeeDisagreement } from './committee.ts'
import { meanSimilarity, type Similarity, uncertaintyQueue } from './information-density.ts'
import { labelGraph } from './label-graph.ts'
import { defaultKernel, type PropagationOptions, propagateLabels, sharesOfNewRows } from './propagate-labels.ts'
import { uncertainty } from './uncertainty.ts'

interface Case {
  shares: number[][]
  rounds: number
  fresh: number[][]
}
const golden = readGolden<{ x: number[][]; given: number[]; fresh: number[][]; cases: Record<string, Case> }>(
  'ml-sampling-labels',
)
const toMatrix = (rows: number[][]): Matrix => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const nested = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))
const x = toMatrix(golden.x)
const given = Int32Array.from(golden.given)
const fresh = toMatrix(golden.fresh)

const rbf = { kind: 'rbf', gamma: 2 } as const
const seven = { kind: 'nearest', neighbours: 7 } as const
const long = { tolerance: 1e-12, rounds: 100_000 }
const cases: Record<string, PropagationOptions> = {
  'propagation rbf': { method: 'propagation', kernel: rbf, ...long },
  'propagation knn': { method: 'propagation', kernel: seven, ...long },
  'spreading rbf': { method: 'spreading', kernel: rbf, alpha: 0.6, ...long },
  'spreading knn': { method: 'spreading', kernel: { kind: 'nearest', neighbours: 5 }, ...long },
  'propagation default': { method: 'propagation' },
  'spreading default': { method: 'spreading' },
  'propagation short': { method: 'propagation', kernel: seven, rounds: 3 },
}

for (const [name, options] of Object.entries(cases))
  test(`${name} equals scikit-learn, new rows too`, () => {
    const wanted = golden.cases[name]!
    const fit = propagateLabels(x, given, 3, options)
    expect(largestDifference(nested(fit.shares), wanted.shares)).toBeLessThan(1e-8)
    expect(fit.rounds).toBe(wanted.rounds)
    expect(fit.converged).toBe(!['propagation short', 'propagation default'].includes(name))
    const shares = sharesOfNewRows(fit, x, fresh, options.kernel ?? defaultKernel)
    expect(largestDifference(nested(shares), wanted.fresh)).toBeLessThan(1e-8)
  })

test('propagation keeps labels, and rows that none reaches have no class', () => {
  const line = matrix(6, 1, Float64Array.of(0, 0.1, 0.2, 50, 50.1, 50.2))
  const near = { kind: 'nearest', neighbours: 2 } as const
  const fit = propagateLabels(line, Int32Array.of(1, -1, -1, -1, -1, -1), 2, { method: 'propagation', kernel: near })
  expect(Array.from(fit.codes)).toEqual([1, 1, 1, -1, -1, -1])
  expect(Array.from(fit.shares.values.subarray(6))).toEqual([0, 0, 0, 0, 0, 0])
  const kept = propagateLabels(x, given, 3, { method: 'propagation' })
  given.forEach((code, i) => {
    if (code >= 0) expect(kept.codes[i]).toBe(code)
  })
  expect(() => propagateLabels(line, new Int32Array(6).fill(-1), 2, { method: 'spreading' })).toThrow(/label/)
})

test('labels do not depend on the order of rows', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(...Object.keys(cases).slice(0, 4)), (seed, name) => {
      const order = createRandom(seed).permutation(x.rows)
      const moved = toMatrix(Array.from(order, (row) => golden.x[row]!))
      const codes = Int32Array.from(order, (row) => given[row]!)
      const options = { ...cases[name]!, tolerance: 1e-10 }
      const shares = nested(propagateLabels(x, given, 3, options).shares)
      const other = propagateLabels(moved, codes, 3, options).shares
      expect(
        largestDifference(
          nested(other),
          Array.from(order, (row) => shares[row]!),
        ),
      ).toBeLessThan(1e-8)
    }),
    { numRuns: 12 },
  )
})

test('uncertainty by its definitions: margin and confidence pick different rows', () => {
  const rows = toMatrix([
    [0.5, 0.49, 0.01],
    [0.4, 0.3, 0.3],
    [1, 0, 0],
    [1 / 3, 1 / 3, 1 / 3],
  ])
  const scores = (kind: 'least-confident' | 'margin' | 'entropy') => Array.from(uncertainty(rows, kind))
  expect(largestDifference(scores('least-confident'), [0.5, 0.6, 0, 2 / 3])).toBeLessThan(1e-15)
  expect(largestDifference(scores('margin'), [0.99, 0.9, 0, 1])).toBeLessThan(1e-15)
  const entropies = [-0.5 * Math.log(0.5) - 0.49 * Math.log(0.49) - 0.01 * Math.log(0.01)]
  expect(scores('entropy')[0]).toBeCloseTo(entropies[0]!, 15)
  expect(scores('entropy')[2]).toBe(0)
  expect(scores('entropy')[3]).toBeCloseTo(Math.log(3), 15)
  expect(Array.from(uncertainty(matrix(2, 1, Float64Array.of(1, 1)), 'margin'))).toEqual([0, 0])
})

test('a committee of one mind agrees, and the worst is an even split of sure members', () => {
  const sure = (code: number) => toMatrix([code === 0 ? [1, 0] : [0, 1]])
  const unsure = toMatrix([[0.5, 0.5]])
  for (const kind of ['vote-entropy', 'consensus-entropy', 'divergence'] as const) {
    expect(committeeDisagreement([sure(0), sure(1)], kind)[0]).toBeCloseTo(Math.log(2), 15)
    expect(committeeDisagreement([sure(1), sure(1), sure(1)], kind)[0]).toBeCloseTo(0, 15)
  }
  // members that are all unsure disagree on nothing, but their consensus is unsure
  expect(committeeDisagreement([unsure, unsure], 'divergence')[0]).toBe(0)
  expect(committeeDisagreement([unsure, unsure], 'consensus-entropy')[0]).toBeCloseTo(Math.log(2), 15)
  const mixed = committeeDisagreement([toMatrix([[0.9, 0.1]]), toMatrix([[0.6, 0.4]])], 'divergence')[0]!
  const wanted =
    (0.9 * Math.log(0.9 / 0.75) +
      0.1 * Math.log(0.1 / 0.25) +
      0.6 * Math.log(0.6 / 0.75) +
      0.4 * Math.log(0.4 / 0.25)) /
    2
  expect(mixed).toBeCloseTo(wanted, 14)
})

test('weights that vanish leave a list, with the labels of the dense graph', () => {
  const random = createRandom(7)
  const apart = matrix(
    200,
    2,
    Float64Array.from({ length: 400 }, (_, at) => 10 * (Math.floor(at / 2) % 5) + random.normal()),
  )
  const codes = Int32Array.from({ length: 200 }, (_, i) => (i < 5 ? i : -1))
  const kernel = { kind: 'rbf', gamma: 20 } as const
  expect(labelGraph(apart, kernel, 'spreading').kind).toBe('list')
  expect(labelGraph(x, kernel, 'spreading').kind).toBe('dense')
  for (const method of ['spreading', 'propagation'] as const) {
    const fit = propagateLabels(apart, codes, 5, { method, kernel, rounds: 2000 })
    fit.codes.forEach((code, i) => {
      if (code >= 0) expect(code).toBe(i % 5)
    })
    expect(fit.codes.filter((code) => code >= 0).length).toBeGreaterThan(190)
  }
})

const densities = readGolden<{
  x: number[][]
  probabilities: number[][]
  means: Record<Similarity, number[]>
  scores: Record<string, number[]>
}>('ml-sampling-density')

test('density is the mean similarity of scikit-learn, and a score uncertainty times a power of it', () => {
  const x = toMatrix(densities.x)
  for (const similarity of ['distance', 'cosine'] as const)
    expect(largestDifference(meanSimilarity(x, similarity), densities.means[similarity])).toBeLessThan(1e-12)
  for (const [name, wanted] of Object.entries(densities.scores)) {
    const [similarity, beta] = name.split(' ') as [Similarity, string]
    const { scores } = uncertaintyQueue(toMatrix(densities.probabilities), x, { similarity, beta: Number(beta) })
    expect(largestDifference(scores, wanted)).toBeLessThan(1e-12)
  }
})

test('the queue asks about the doubtful row in the crowd before the doubtful outlier, and equals in order', () => {
  const crowd = toMatrix([[0], [0.1], [0.2], [50], [0.1]])
  const shares = toMatrix([
    [0.9, 0.1],
    [0.55, 0.45],
    [0.9, 0.1],
    [0.5, 0.5],
    [0.55, 0.45],
  ])
  expect(Array.from(uncertaintyQueue(shares, crowd, { size: 2 }).rows)).toEqual([1, 4])
  expect(Array.from(uncertaintyQueue(shares, crowd, { beta: 0 }).rows)).toEqual([3, 1, 4, 0, 2])
  const margins = uncertaintyQueue(shares, crowd, { kind: 'margin', beta: 0 }).scores
  expect(Array.from(margins)).toEqual(Array.from(uncertainty(shares, 'margin')))
  expect(uncertaintyQueue(matrix(0, 2), matrix(0, 1)).rows).toHaveLength(0)
})
