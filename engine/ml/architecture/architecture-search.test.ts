import { describe, expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import type { TrainingData } from '../neural/training-data.ts'
import { createRandom } from '../random/random.ts'
import {
  ArchitectureSearch,
  type ArchitectureSearchOptions,
  type CandidateRecord,
  type Estimation,
  type Strategy,
  strategies,
} from './architecture-search.ts'
import { macroSpace, microSpace } from './architecture-space.ts'
import { networkCost } from './network-cost.ts'
import { type CandidateSetting, halved, isHopeless, networkQuality, trainCandidate } from './train-candidate.ts'

const open = onnxSessions()

/** Points inside and outside a ring: no straight line parts them. */
function ring(rows: number, seed: number): TrainingData {
  const random = createRandom(seed)
  const features = Float32Array.from({ length: 2 * rows }, () => 2 * random.normal())
  const targets = Float32Array.from({ length: rows }, (_, row) =>
    Math.hypot(features[2 * row]!, features[2 * row + 1]!) > 2 ? 1 : 0,
  )
  return { rows, features, targets }
}
const setting: CandidateSetting = {
  train: ring(240, 1),
  validation: ring(120, 2),
  loss: { kind: 'cross-entropy' },
  optimizer: { kind: 'adam' },
  learningRate: 0.02,
  batchRows: 32,
  patience: 30,
}
const frame = { inputs: [2], outputs: 2 }
const options = (more: Partial<ArchitectureSearchOptions>): ArchitectureSearchOptions => ({
  strategy: 'random',
  estimation: 'full',
  objective: { mostBytes: 20_000 },
  trials: 6,
  epochs: 6,
  fidelity: 0.4,
  finalists: 2,
  seed: 5,
  ...more,
})

async function step(search: ArchitectureSearch): Promise<boolean> {
  const batch = await search.nextBatch()
  if (batch.length === 0) return false
  search.tell(await Promise.all(batch.map(({ job }) => trainCandidate(open, setting, job))))
  return true
}
async function finish(search: ArchitectureSearch): Promise<readonly CandidateRecord[]> {
  while (await step(search));
  return search.records
}

describe.each(Object.keys(strategies) as Strategy[])('the strategy %s', (strategy) => {
  test('trains as many candidates as it may, all within the limit, and goes on after a break as it would have', async () => {
    const space = strategy === 'reinforcement' ? microSpace(frame) : macroSpace(frame, 2)
    const whole = new ArchitectureSearch(space, options({ strategy }))
    const records = await finish(whole)
    expect(records).toHaveLength(6)
    for (const { bytes } of records) expect(bytes).toBeLessThanOrEqual(20_000)
    expect(new Set(records.map(({ network }) => JSON.stringify(network))).size).toBe(6)
    const first = new ArchitectureSearch(space, options({ strategy }))
    await step(first)
    const saved = JSON.parse(JSON.stringify(first.toJson()))
    const again = new ArchitectureSearch(space, options({ strategy }), saved)
    expect(await finish(again)).toEqual(records)
    const best = whole.best()!
    expect(best.score).toBe(Math.max(...records.map(({ score }) => score ?? -1)))
  })
})

describe('estimations', () => {
  const run = (estimation: Estimation, more: Partial<ArchitectureSearchOptions> = {}) =>
    finish(new ArchitectureSearch(macroSpace(frame, 2), options({ estimation, ...more })))

  test('low fidelity spends little on each and trains the best in full', async () => {
    const records = await run('low-fidelity')
    const short = records.filter(({ status }) => status === 'short')
    const full = records.filter(({ status }) => status === 'trained')
    expect([short.length, full.length]).toEqual([6, 2])
    expect(short.every(({ epochs }) => epochs <= 2)).toBe(true)
    const order = short.toSorted((a, b) => b.score! - a.score! || a.number - b.number)
    expect(full.map(({ parent }) => parent)).toEqual(order.slice(0, 2).map(({ number }) => number))
  })

  test('morphisms grow a trained parent and go on from its weights, also after a break', async () => {
    const grow = options({ estimation: 'morphism', trials: 7 })
    const records = await finish(new ArchitectureSearch(macroSpace(frame, 2), grow))
    const grown = records.filter(({ parent }) => parent !== undefined)
    expect(grown.length).toBeGreaterThan(0)
    for (const { parent, parameters, epochs } of grown) {
      expect(parameters).toBeGreaterThan(records[parent!]!.parameters)
      expect(epochs).toBeLessThanOrEqual(2)
    }
    const first = new ArchitectureSearch(macroSpace(frame, 2), grow)
    await step(first)
    const saved = JSON.parse(JSON.stringify(first.toJson()))
    expect(await finish(new ArchitectureSearch(macroSpace(frame, 2), grow, saved))).toEqual(records)
  })

  test('a curve that is surely going nowhere is given up', () => {
    const history = (values: readonly number[]) =>
      values.map((validationLoss, epoch) => ({ epoch, loss: 1, validationLoss }))
    const flat = [0.9, 0.7, 0.65, 0.63, 0.622, 0.62, 0.619]
    expect(isHopeless(history(flat), 30, 0.3)).toBe(true)
    expect(isHopeless(history(flat), 30, 0.63)).toBe(false)
    expect(isHopeless(history(flat.slice(0, 4)), 30, 0.3)).toBe(false)
    expect(isHopeless(history([0.9, 0.8, 0.71, 0.63, 0.56, 0.5]), 30, 0.3)).toBe(false)
  })
})

describe('pictures', () => {
  const pictures = { inputs: [1, 12, 12], outputs: 3 }
  const firstLayers = async (search: ArchitectureSearch) =>
    (await search.nextBatch()).map(({ job }) => job.network.layers.map(({ kind }) => kind).join(' '))

  test.each([
    ['chains', macroSpace(pictures, 3)],
    ['cells', microSpace(pictures)],
  ])(
    'a search in %s begins with the strongest designs people know that keep the limits, but for a grid',
    async (_, space) => {
      const known = space.known!.map((settings) => space.network(settings))
      for (const [at, bytes] of known.map((network) => networkCost(network).bytes).entries()) {
        const objective = { mostBytes: bytes }
        const fitting = known.filter((network) => networkCost(network).bytes <= bytes)
        expect(fitting).toContain(known[at])
        const search = new ArchitectureSearch(space, options({ objective, strategy: 'evolution' }))
        const batch = await search.nextBatch()
        expect(batch.map(({ job }) => job.network).slice(0, Math.min(2, fitting.length))).toEqual(fitting.slice(0, 2))
      }
      const grid = await firstLayers(new ArchitectureSearch(space, options({ objective: {}, strategy: 'grid' })))
      expect(grid).not.toEqual(await firstLayers(new ArchitectureSearch(space, options({ objective: {} }))))
    },
  )

  test('half the height and width: means of two by two, the same network on fewer places', async () => {
    const features = Float32Array.of(1, 2, 3, 5, 6, 7, 9, 10, 11)
    expect(Array.from(halved({ rows: 1, features }, [1, 3, 3]))).toEqual([3.5, 5, 9.5, 11])
    const random = createRandom(4)
    const data = (rows: number): TrainingData => {
      const targets = Float32Array.from({ length: rows }, () => random.integer(2))
      return {
        rows,
        features: Float32Array.from(
          { length: rows * 144 },
          (_, at) => targets[Math.floor(at / 144)]! + random.normal(),
        ),
        targets,
      }
    }
    const space = macroSpace({ inputs: [1, 12, 12], outputs: 2 }, 2)
    const search = new ArchitectureSearch(
      space,
      options({ estimation: 'low-fidelity', smaller: true, trials: 2, finalists: 1, fidelity: 0.5 }),
    )
    const brightness = { ...setting, train: data(96), validation: data(48) }
    for (;;) {
      const batch = await search.nextBatch()
      if (batch.length === 0) break
      search.tell(await Promise.all(batch.map(({ job }) => trainCandidate(open, brightness, job))))
    }
    expect(search.records.map(({ status }) => status)).toEqual(['short', 'short', 'trained'])
    for (const { quality } of search.records) expect(quality).toBeGreaterThan(0.7)
    expect(search.jobAgain(search.records[0]!)).toMatchObject({ smaller: false, network: { inputs: [1, 12, 12] } })
  })
})

describe('latency', () => {
  /** Slow by its number of layers, whatever they multiply. */
  const measure: ArchitectureSearchOptions['measure'] = async (networks) =>
    networks.map(({ layers }) => ({ median: layers.length, p95: layers.length + 0.5 }))
  const space = macroSpace(frame, 3)
  const timed = (more: Partial<ArchitectureSearchOptions>) =>
    options({ measure, objective: { mostMilliseconds: 6.6, targetMilliseconds: 4, weight: 1 }, ...more })

  test.each(['low-fidelity', 'morphism'] as const)(
    'is measured before a training, kept in the record and within its limit, also after a break (%s)',
    async (estimation) => {
      const given = timed({ estimation, trials: 8 })
      const records = await finish(new ArchitectureSearch(space, given))
      expect(records).toHaveLength(estimation === 'morphism' ? 8 : 10)
      for (const { latency, network, quality, score } of records) {
        expect(latency).toEqual({ median: network.layers.length, p95: network.layers.length + 0.5 })
        expect(latency!.p95).toBeLessThanOrEqual(6.6)
        if (quality !== null) expect(score).toBeCloseTo(quality * Math.min(1, 4 / latency!.median), 12)
      }
      const cut = new ArchitectureSearch(space, given)
      await step(cut)
      const saved = JSON.parse(JSON.stringify(cut.toJson()))
      await cut.nextBatch()
      expect(await finish(new ArchitectureSearch(space, given, saved))).toEqual(records)
    },
  )

  test('known designs that are too slow give way to the next ones', async () => {
    const pictures = macroSpace({ inputs: [1, 12, 12], outputs: 3 }, 3)
    const known = pictures.known!.map((settings) => pictures.network(settings))
    const slow = new Set(known.slice(0, 3).map((network) => JSON.stringify(network)))
    const search = new ArchitectureSearch(
      pictures,
      options({
        objective: { mostMilliseconds: 2 },
        measure: async (networks) =>
          networks.map((network) =>
            slow.has(JSON.stringify(network)) ? { median: 3, p95: 4 } : { median: 1, p95: 2 },
          ),
      }),
    )
    const batch = await search.nextBatch()
    const begun = batch.map(({ job }) => JSON.stringify(job.network))
    expect(begun).toHaveLength(4)
    expect(known.map((network) => begun.includes(JSON.stringify(network)))).toEqual([
      ...[false, false, false],
      ...[true, true, false],
    ])
  })

  test('where nothing is quick enough the search ends', async () => {
    let measured = 0
    const slow = timed({
      measure: async (networks) => networks.map(() => ({ median: ++measured, p95: 1e3 })),
    })
    expect(await finish(new ArchitectureSearch(space, slow))).toEqual([])
    expect(measured).toBeLessThan(120)
  })
})

test('the quality is the share of rows that are right, or the variance explained', async () => {
  const result = await trainCandidate(open, setting, {
    network: macroSpace(frame, 1).network({ blocks: 1, units1: 32, activation: 'relu', norm: 'none', dropout: 0 }),
    seed: 3,
    epochs: 25,
  })
  expect(result.quality).toBeGreaterThan(0.85)
  const constant = {
    network: { inputs: [1], layers: [{ kind: 'dense' as const, units: 1 }] },
    parameters: Float32Array.of(0, 2),
    statistics: new Float32Array(0),
  }
  const data = { rows: 4, features: new Float32Array(4), targets: Float32Array.of(1, 2, 3, 2) }
  expect(await networkQuality(open, constant, { kind: 'squared' }, data)).toBeCloseTo(0, 6)
  const same = { ...data, targets: Float32Array.of(2, 2, 2, 2) }
  expect(await networkQuality(open, constant, { kind: 'squared' }, same)).toBeNaN()
})
