import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { wasmForestKernels } from '../../compute/wasm/forest/forest-kernels.ts'
import { matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { fitPartialLeastSquares } from '../reduce/partial-least-squares.ts'
import { boruta, judgeHits } from './boruta.ts'
import { bregmanDivergence, classDivergence, equalCountBins, rowDivergence } from './divergence.ts'
import { eliminateFeatures } from './eliminate-features.ts'
import { forestImportanceOf } from './feature-importance.ts'

interface Golden {
  x: number[][]
  y: number[]
  runs: [keep: number, step: number, ranking: number[]][]
  positive: number[]
  target: number[]
  itakuraSaito: number
  squared: number
}
const golden = readGolden<Golden>('ml-select-elimination')
const columns = golden.x[0]!.map((_, j) => Float64Array.from(golden.x, (row) => row[j]!))

/** With as many components as columns, partial least squares are least squares. */
async function squaredCoefficients(some: readonly Float64Array[]) {
  const x = matrix(golden.y.length, some.length)
  some.forEach((column, j) => {
    column.forEach((value, i) => {
      x.values[i * some.length + j] = value
    })
  })
  const y = matrix(golden.y.length, 1, Float64Array.from(golden.y))
  return fitPartialLeastSquares(x, y, { components: some.length, scale: false }).coefficients.values.map((c) => c * c)
}

test('recursive elimination ranks as scikit-learn', async () => {
  for (const [keep, step, ranking] of golden.runs) {
    const result = await eliminateFeatures(columns, squaredCoefficients, { keep, step })
    expect(Array.from(result.ranking)).toEqual(ranking)
    expect(result.kept).toEqual(ranking.flatMap((rank, feature) => (rank === 1 ? [feature] : [])))
  }
  expect((await eliminateFeatures(columns, squaredCoefficients, { keep: 99 })).kept.length).toBe(7)
})

/** Two features that make the class, one that only repeats a part, three of noise. */
function drawTask(seed: number) {
  const random = createRandom(seed)
  const draw = () => Float64Array.from({ length: 250 }, () => random.normal())
  const [a, b] = [draw(), draw()]
  const labels = a.map((value, i) => (value + b[i]! + 0.3 * random.normal() > 0 ? 1 : 0))
  const repeat = a.map((value) => value + 0.5 * random.normal())
  return { columns: [a, draw(), b, repeat, draw(), draw()], labels }
}

test('Boruta confirms what matters, repeats included, and rejects noise', async () => {
  const { columns: features, labels } = drawTask(6)
  const importance = forestImportanceOf(wasmForestKernels, labels, 2, { seed: 3, threads: 1, trees: 60 })
  const result = await boruta(features, importance, createRandom(1), { runs: 40 })
  expect(result.map(({ verdict }) => verdict)).toEqual([
    'confirmed',
    'rejected',
    'confirmed',
    'confirmed',
    'rejected',
    'rejected',
  ])
  expect(await boruta(features, importance, createRandom(1), { runs: 40 })).toEqual(result)
  const eliminated = await eliminateFeatures(features, importance, { keep: 2 })
  expect(eliminated.kept).toEqual([0, 2])
})

test('Boruta decides after as many runs as a fair coin with Bonferroni asks for', async () => {
  const sure = await boruta(
    columns,
    async (all) => Float64Array.from(all, (_, i) => (i === 0 ? 2 : 1)),
    createRandom(1),
  )
  // 7 features at 0.01: 2^-10 is below 0.01 / 7, 2^-9 is not
  expect(sure[0]).toEqual({ verdict: 'confirmed', hits: 10, runs: 10, importance: 2 })
  expect(sure[6]).toEqual({ verdict: 'rejected', hits: 0, runs: 10, importance: 1 })
  const alone = await boruta(
    [columns[0]!],
    async (all) => new Float64Array(all.length + (all.length - 6)),
    createRandom(1),
    { runs: 3 },
  )
  expect(alone).toEqual([{ verdict: 'tentative', hits: 0, runs: 3, importance: 0 }])
  expect(await boruta([], async () => new Float64Array(0), createRandom(1))).toEqual([])
})

interface BorutaGolden {
  alpha: number
  decisions: { features: number; runs: number; verdicts: number[] }[]
  x: number[][]
  y: number[]
  verdicts: number[][]
}
const signs = { confirmed: 1, tentative: 0, rejected: -1 } as const

test('Boruta reads hits as BorutaPy does, and on the same rows comes to the same verdicts wherever that is sure', async () => {
  const peer = readGolden<BorutaGolden>('ml-boruta')
  for (const { features, runs, verdicts } of peer.decisions)
    expect(verdicts.map((_, hits) => signs[judgeHits({ hits, runs }, peer.alpha / features)])).toEqual(verdicts)
  const features = peer.x[0]!.map((_, j) => Float64Array.from(peer.x, (row) => row[j]!))
  const sure = features.flatMap((_, j) => {
    const said = new Set(peer.verdicts.map((verdict) => verdict[j]!))
    return said.size === 1 && !said.has(0) ? [{ j, verdict: [...said][0]! }] : []
  })
  expect(sure.length).toBeGreaterThanOrEqual(5)
  const seeds = [1, 2]
  let same = 0
  for (const seed of seeds) {
    const importance = forestImportanceOf(wasmForestKernels, Float64Array.from(peer.y), 2, {
      seed,
      threads: 1,
      trees: 60,
    })
    const found = await boruta(features, importance, createRandom(seed), { runs: 40, alpha: peer.alpha })
    for (const { j, verdict } of sure) {
      const own = signs[found[j]!.verdict]
      expect(own).not.toBe(-verdict)
      if (own === verdict) same++
    }
  }
  // other forests and other shuffles: one of them may still be undecided after forty runs, as with the peer
  expect(same).toBeGreaterThanOrEqual(seeds.length * sure.length - 1)
})

test('divergences by their formula: never negative, 0 for equals, Itakura-Saito has no scale', () => {
  const shares = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
  const generators = {
    'squared-euclidean': [(x: number) => x * x, (x: number) => 2 * x],
    'kullback-leibler': [(x: number) => x * Math.log(x), (x: number) => Math.log(x) + 1],
    'itakura-saito': [(x: number) => -Math.log(x), (x: number) => -1 / x],
  } as const
  fc.assert(
    fc.property(
      shares,
      shares,
      fc.constantFrom(...(Object.keys(generators) as (keyof typeof generators)[])),
      (a, b, kind) => {
        const [p, q] = [Float64Array.from(a), Float64Array.from(b)]
        const [phi, slope] = generators[kind]
        const wanted = a.reduce((sum, x, i) => sum + phi(x) - phi(b[i]!) - slope(b[i]!) * (x - b[i]!), 0)
        const actual = bregmanDivergence(p, q, kind)
        expect(Math.abs(actual - wanted) / Math.max(1, wanted)).toBeLessThan(1e-12)
        expect(actual).toBeGreaterThanOrEqual(0)
        expect(bregmanDivergence(p, p, kind)).toBe(0)
        const doubled = bregmanDivergence(
          p.map((x) => 2 * x),
          q.map((x) => 2 * x),
          'itakura-saito',
        )
        expect(doubled).toBeCloseTo(bregmanDivergence(p, q, 'itakura-saito'), 8)
      },
    ),
  )
})

test('row by row the divergences equal those of kydavra', () => {
  const [values, target] = [Float64Array.from(golden.positive), Float64Array.from(golden.target)]
  expect(rowDivergence(values, target, 'itakura-saito')).toBeCloseTo(golden.itakuraSaito, 12)
  expect(rowDivergence(values, target, 'squared-euclidean')).toBeCloseTo(golden.squared, 14)
  expect(rowDivergence(Float64Array.of(1, -1), Float64Array.of(1, 1), 'itakura-saito')).toBeNaN()
})

test('class divergence tells classes apart, and neither unit nor names of classes matter', () => {
  const random = createRandom(9)
  const codes = Int32Array.from({ length: 300 }, () => random.integer(3))
  const values = Float64Array.from(codes, (code) => code + random.normal())
  const noise = values.map(() => random.normal())
  for (const kind of ['squared-euclidean', 'kullback-leibler', 'itakura-saito'] as const) {
    const score = (column: Float64Array, classes = codes) => {
      const { bins, count } = equalCountBins(column)
      return classDivergence(bins, count, classes, 3, kind)
    }
    expect(score(values)).toBeGreaterThan(3 * score(noise))
    expect(score(values.map((value) => Math.exp(value / 2)))).toBeCloseTo(score(values), 12)
    expect(
      score(
        values,
        codes.map((code) => (code + 1) % 3),
      ),
    ).toBeCloseTo(score(values), 12)
    expect(score(values.map(() => 4))).toBe(0)
    expect(score(values, new Int32Array(300))).toBe(0)
  }
  expect(equalCountBins(Float64Array.of(Number.NaN))).toEqual({ bins: Int32Array.of(-1), count: 0 })
  expect(Array.from(equalCountBins(Float64Array.of(5, 1, 1, 1, 9), 2).bins)).toEqual([1, 0, 0, 0, 1])
})
