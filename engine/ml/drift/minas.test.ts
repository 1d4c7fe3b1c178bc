import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { groupRows } from '../cluster/group-rows.ts'
import { createRandom, type Random } from '../random/random.ts'
import { Minas, type MinasJson, type MinasOptions } from './minas.ts'
import { distanceOf } from './nearest-point.ts'
import { unknownClass } from './novelty-rows.ts'

const places = [
  [0, 0],
  [7, 0],
  [0, 7],
  [8, 8],
  [-8, -5],
]

function draw(place: number, random: Random): Float64Array {
  return Float64Array.from(places[place]!, (value) => value + random.normal())
}

/** Three known classes; then a fourth, later a fifth instead of the first, which comes back at the end. */
function scene(seed: number) {
  const random = createRandom(seed)
  const classOf = Array.from({ length: 450 }, (_, i) => i % 3)
  const rows = classOf.map((place) => draw(place, random))
  const truth = Array.from({ length: 2_400 }, (_, i) => {
    if (i < 400) return i % 3
    if (i < 1_200) return i % 4
    return i < 2_000 ? 1 + (i % 4) : i % 4
  })
  return { rows, classOf, truth, stream: truth.map((place) => draw(place, random)) }
}

type Cluster = { label: number; rows: Float64Array[]; time: number }

/** The pseudo-code of the paper with every row kept and everything computed anew: slow, and nothing in common but k-means. */
function slowMinas(rows: Float64Array[], classOf: number[], stream: Float64Array[], options: MinasOptions): number[] {
  const mean = ({ rows: own }: Cluster) =>
    own[0]!.map((_, j) => own.reduce((sum, row) => sum + row[j]!, 0) / own.length)
  const spread = (cluster: Cluster) => {
    const centre = mean(cluster)
    return Math.sqrt(cluster.rows.reduce((sum, row) => sum + distanceOf(row, centre) ** 2, 0) / cluster.rows.length)
  }
  const closest = (point: Float64Array, among: Cluster[]) =>
    among
      .map((cluster) => ({ cluster, distance: distanceOf(point, mean(cluster)) }))
      .sort((a, b) => a.distance - b.distance)[0]
  const limit = (cluster: Cluster, among: Cluster[]) => {
    const others = among.filter((other) => other !== cluster && other.label === cluster.label)
    const distances = others.map((other) => distanceOf(mean(cluster), mean(other)))
    if (options.threshold === 'deviation' || others.length === 0) return options.factor * spread(cluster)
    const sum = distances.reduce((total, distance) => total + distance, 0)
    return options.factor * (options.threshold === 'largest' ? Math.max(...distances) : sum / distances.length)
  }
  let labels = Math.max(...classOf) + 1
  let model: Cluster[] = []
  for (let label = 0; label < labels; label++) {
    const own = rows.filter((_, i) => classOf[i] === label)
    const groups = groupRows(own, options.clusters, createRandom(options.seed).split(`class ${label}`))
    model.push(...groups.map((group) => ({ label, rows: group.map((i) => own[i]!), time: 0 })))
  }
  let asleep: Cluster[] = []
  let short: { row: Float64Array; time: number }[] = []
  let searches = 0
  return stream.map((row, index) => {
    const now = index + 1
    const { cluster, distance } = closest(row, model)!
    let answer = unknownClass
    if (distance <= options.reach * spread(cluster)) {
      answer = cluster.label
      cluster.time = now
      if (options.learns) cluster.rows.push(row)
    } else {
      short.push({ row, time: now })
      if (short.length >= options.trigger) {
        const random = createRandom(options.seed).split('search').split(searches++)
        const points = short.map((item) => item.row)
        const taken: Float64Array[] = []
        for (const group of groupRows(points, options.noveltyClusters, random)) {
          const fresh: Cluster = { label: -1, rows: group.map((i) => points[i]!), time: now }
          const near = closest(mean(fresh), model)!
          const [a, b] = [spread(fresh), near.distance]
          if (fresh.rows.length < options.size || (b - a) / Math.max(a, b) <= 0) continue
          const sleeping = closest(mean(fresh), asleep)
          if (near.distance <= limit(near.cluster, model)) fresh.label = near.cluster.label
          else if (sleeping && sleeping.distance <= limit(sleeping.cluster, asleep)) {
            fresh.label = sleeping.cluster.label
            asleep = asleep.filter((other) => other !== sleeping.cluster)
            sleeping.cluster.time = now
            model.push(sleeping.cluster)
          } else fresh.label = labels++
          model.push(fresh)
          taken.push(...fresh.rows)
        }
        short = short.filter((item) => !taken.includes(item.row))
      }
    }
    if (now % options.window === 0) {
      const isUsed = (micro: Cluster) => micro.time > now - options.window
      if (model.some(isUsed)) {
        asleep.push(...model.filter((micro) => !isUsed(micro)))
        model = model.filter(isUsed)
      }
      short = short.filter((item) => item.time > now - options.window)
    }
    return answer
  })
}

const variants: Partial<MinasOptions>[] = [
  { window: 300 },
  { threshold: 'mean', window: 250, seed: 1 },
  { threshold: 'largest', factor: 0.9, window: 400, learns: false, seed: 2 },
  { clusters: 3, noveltyClusters: 2, reach: 1.5, trigger: 30, size: 8, window: 200, seed: 3 },
]

test.each(variants)('%o answers as the paper’s pseudo-code followed slowly', (options) => {
  const { rows, classOf, stream } = scene(options.seed ?? 0)
  const minas = Minas.learn(rows, classOf, options)
  const expected = slowMinas(rows, classOf, stream.slice(0, 1_600), minas.options)
  expect(stream.slice(0, 1_600).map((row) => minas.update(row))).toEqual(expected)
  expect(new Set(expected).size).toBeGreaterThan(4)
})

test('a new class is soon called unknown, then named, while known classes keep their names', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { rows, classOf, truth, stream } = scene(seed)
    const minas = Minas.learn(rows, classOf, { seed, reach: 2.5, threshold: 'mean' })
    const answers = stream.slice(0, 1_200).map((row) => minas.update(row))
    const of = (place: number) => answers.filter((_, i) => truth[i] === place)
    const known = answers.filter((_, i) => truth[i]! < 3)
    const right = answers.filter((answer, i) => truth[i]! < 3 && answer === truth[i])
    expect(right.length / known.length).toBeGreaterThan(0.93)
    const fresh = of(3)
    expect(fresh.slice(0, 5)).toContain(unknownClass)
    const named = fresh.findIndex((answer) => answer > 2)
    expect(named).toBeGreaterThan(0)
    expect(named).toBeLessThan(102)
    expect(fresh.slice(100).filter((answer) => answer > 2).length / fresh.slice(100).length).toBeGreaterThan(0.9)
  }
})

test('a class that slept keeps its name when it comes back', () => {
  const { rows, classOf, stream } = scene(4)
  const minas = Minas.learn(rows, classOf, { window: 200, reach: 2.5, threshold: 'mean' })
  const answers = stream.map((row) => minas.update(row))
  const { asleep } = Minas.fromJson(minas.toJson()).toJson()
  const back = answers.slice(2_200).filter((_, i) => (2_200 + i) % 4 === 0)
  expect(back.filter((answer) => answer === 0).length / back.length).toBeGreaterThan(0.5)
  expect(asleep.length).toBeGreaterThan(0)
})

test('saved in the middle of a stream, it goes on as if nothing had happened', () => {
  const { rows, classOf, stream } = scene(5)
  const options = { window: 300, threshold: 'mean' } as const
  const straight = Minas.learn(rows, classOf, options)
  const expected = stream.map((row) => straight.update(row))
  fc.assert(
    fc.property(fc.nat(stream.length - 1), (cut) => {
      const first = Minas.learn(rows, classOf, options)
      const before = stream.slice(0, cut).map((row) => first.update(row))
      const second = Minas.fromJson(JSON.parse(JSON.stringify(first.toJson())) as MinasJson)
      expect([...before, ...stream.slice(cut).map((row) => second.update(row))]).toEqual(expected)
      expect(second.toJson()).toEqual(straight.toJson())
    }),
    { numRuns: 5 },
  )
})

test('a constant stream of a known class stays known; other rows are refused and change nothing', () => {
  const { rows, classOf } = scene(6)
  const minas = Minas.learn(rows, classOf)
  const centre = Float64Array.from(minas.toJson().model[0]!.centre)
  for (let n = 0; n < 500; n++) expect(minas.update(centre)).toBe(0)
  const before = minas.toJson()
  for (const row of [Float64Array.of(1), Float64Array.of(1, Number.NaN), Float64Array.of(1, 2, 3)])
    expect(() => minas.update(row)).toThrow(ProblemError)
  expect(minas.toJson()).toEqual(before)
  expect(() => Minas.learn([], [])).toThrow('no rows')
  expect(() => Minas.learn(rows, classOf, { threshold: 'none' as 'mean' })).toThrow('threshold')
})
