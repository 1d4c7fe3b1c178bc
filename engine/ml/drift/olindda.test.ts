import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { groupRows } from '../cluster/group-rows.ts'
import { createRandom, type Random } from '../random/random.ts'
import { distanceOf } from './nearest-point.ts'
import { Olindda, type OlinddaJson, type OlinddaOptions } from './olindda.ts'

const places = [
  [0, 0],
  [6, 0],
  [3, 2.5],
  [14, 12],
  [-14, 9],
]
const draw = (place: number, random: Random) => Float64Array.from(places[place]!, (value) => value + random.normal())

/** Two normal blobs; then one between them (an extension), then two far ones (novelties). */
function scene(seed: number) {
  const random = createRandom(seed)
  const rows = Array.from({ length: 400 }, (_, i) => draw(i % 2, random))
  const truth = Array.from({ length: 1_600 }, (_, i) => (i < 200 ? i % 2 : i < 800 ? i % 4 : i % 5))
  return { rows, truth, stream: truth.map((place) => draw(place, random)) }
}

/** The definition with every group kept as its rows and all else computed anew each time. */
function slowOlindda(rows: Float64Array[], stream: Float64Array[], options: OlinddaOptions): number[] {
  const mean = (own: Float64Array[]) => own[0]!.map((_, j) => own.reduce((sum, row) => sum + row[j]!, 0) / own.length)
  const farthest = (own: Float64Array[]) => Math.max(...own.map((row) => distanceOf(row, mean(own))))
  const spread = (own: Float64Array[]) => own.reduce((sum, row) => sum + distanceOf(row, mean(own)), 0) / own.length
  const random = createRandom(options.seed)
  const normal = groupRows(rows, options.clusters, random.split('normal')).map((group) => group.map((i) => rows[i]!))
  const extensions: Float64Array[][] = []
  let novelties: { label: number; own: Float64Array[] }[] = []
  let kept: Float64Array[] = []
  let [next, k, waited, searches] = [2, options.candidates, 0, 0]
  return stream.map((row) => {
    const all = [
      ...normal.map((own) => ({ label: 0, own })),
      ...extensions.map((own) => ({ label: 1, own })),
      ...novelties,
    ]
    const inside = all
      .map(({ label, own }) => ({ label, gap: distanceOf(row, mean(own)), edge: farthest(own) }))
      .filter(({ gap, edge }) => gap <= edge)
      .sort((a, b) => a.gap - b.gap)
    if (inside.length > 0) return inside[0]!.label
    kept = [...kept, row].slice(-options.memory)
    waited++
    if (kept.length < options.size || waited < options.pause) return -1
    waited = 0
    const groups = groupRows(kept, k, random.split('search').split(searches++)).map((group) =>
      group.map((i) => kept[i]!),
    )
    const tight = groups.filter((own) => spread(own) <= Math.max(...normal.map(spread)))
    const good = tight.filter((own) => own.length >= options.size)
    if (tight.length === 0) k = Math.min(k + 1, kept.length)
    else if (good.length === 0) k = Math.max(1, k - 1)
    const middle = mean(rows)
    const limit = Math.max(...normal.map((own) => distanceOf(mean(own), middle)))
    for (const own of good) {
      kept = kept.filter((other) => !own.includes(other))
      if (distanceOf(mean(own), middle) <= limit) {
        extensions.push(own)
        continue
      }
      const near = novelties.filter(
        (other) => distanceOf(mean(own), mean(other.own)) <= farthest(own) + farthest(other.own),
      )
      const old = near.map(({ label }) => label)
      const label = old.length > 0 ? Math.min(...old) : next++
      novelties = novelties.map((other) => (old.includes(other.label) ? { ...other, label } : other))
      novelties.push({ label, own })
    }
    return -1
  })
}

test.each<Partial<OlinddaOptions>>([
  {},
  { clusters: 4, candidates: 2, seed: 1 },
  { clusters: 6, candidates: 12, size: 15, pause: 4, memory: 60, seed: 2 },
])('%o answers as the definition followed slowly', (options) => {
  const { rows, stream } = scene(options.seed ?? 0)
  const olindda = Olindda.learn(rows, options)
  const expected = slowOlindda(rows, stream.slice(0, 1_000), olindda.options)
  expect(stream.slice(0, 1_000).map((row) => olindda.update(row))).toEqual(expected)
  expect(new Set(expected).size).toBeGreaterThan(3)
})

test('the far classes become novelties of their own, the one between the blobs an extension', () => {
  for (let seed = 0; seed < 6; seed++) {
    const { rows, truth, stream } = scene(seed)
    const olindda = Olindda.learn(rows, { seed, clusters: 6 })
    const answers = stream.map((row) => olindda.update(row))
    const late = (place: number) => answers.filter((_, i) => i > 1_200 && truth[i] === place)
    const share = (list: number[], keep: (answer: number) => boolean) => list.filter(keep).length / list.length
    expect(share(answers.slice(0, 200), (answer) => answer > 1)).toBe(0)
    expect(share([...late(0), ...late(1)], (answer) => answer <= 1 && answer >= 0)).toBeGreaterThan(0.9)
    expect(share(late(2), (answer) => answer === 1 || answer === 0)).toBeGreaterThan(0.8)
    for (const place of [3, 4]) expect(share(late(place), (answer) => answer > 1)).toBeGreaterThan(0.7)
    const codes = (place: number) => new Set(late(place).filter((answer) => answer > 1))
    expect([...codes(3)].filter((code) => codes(4).has(code))).toEqual([])
  }
})

test('saved in the middle of a stream, it goes on as if nothing had happened; other rows are refused', () => {
  const { rows, stream } = scene(7)
  const straight = Olindda.learn(rows)
  const expected = stream.map((row) => straight.update(row))
  fc.assert(
    fc.property(fc.nat(stream.length - 1), (cut) => {
      const first = Olindda.learn(rows)
      const before = stream.slice(0, cut).map((row) => first.update(row))
      const second = Olindda.fromJson(JSON.parse(JSON.stringify(first.toJson())) as OlinddaJson)
      expect([...before, ...stream.slice(cut).map((row) => second.update(row))]).toEqual(expected)
      expect(second.toJson()).toEqual(straight.toJson())
    }),
    { numRuns: 5 },
  )
  const saved = straight.toJson()
  for (const row of [Float64Array.of(1), Float64Array.of(1, Number.NaN)])
    expect(() => straight.update(row)).toThrow(ProblemError)
  expect(straight.toJson()).toEqual(saved)
  expect(() => Olindda.learn([])).toThrow('no rows')
  expect(() => Olindda.learn(rows, { size: 1 })).toThrow('size')
})
