import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { groupRows } from '../cluster/group-rows.ts'
import { createRandom, type Random } from '../random/random.ts'
import { EcsMiner, type EcsMinerJson, type EcsMinerOptions } from './ecs-miner.ts'
import { distanceOf } from './nearest-point.ts'
import { nearnessGain } from './nearness-gain.ts'
import { sphereOf } from './spheres.ts'

const places = [
  [0, 0],
  [8, 0],
  [0, 8],
  [9, 9],
  [-9, -5],
]
const draw = (place: number, random: Random) => Float64Array.from(places[place]!, (value) => value + random.normal())

/** Three known classes; from row 300 a fourth, from row 1,200 a fifth too. */
function scene(seed: number, length = 1_800, learned = 1_800) {
  const random = createRandom(seed)
  const classOf = Array.from({ length: learned }, (_, i) => i % 3)
  const rows = classOf.map((place) => draw(place, random))
  const truth = Array.from({ length }, (_, i) => (i < 300 ? i % 3 : i < 1_200 ? i % 4 : i % 5))
  return { rows, classOf, truth, stream: truth.map((place) => draw(place, random)) }
}

/** Runs a stream with labels `delay` rows late (never where negative); the answers and whether a row was said to be novel. */
function run(miner: EcsMiner, stream: readonly Float64Array[], truth: readonly number[], delay: number, from = 0) {
  return stream.map((row, i) => {
    const mined = miner.update(row)
    const late = from + i - delay
    if (delay >= 0 && late >= 0) miner.teach(late, truth[late]!)
    return mined
  })
}

type Member = { label: number; rows: Float64Array[] }[]

/** The algorithms with the rows of every sphere kept, distances one by one, and everything computed anew. */
function slowMiner(
  rows: Float64Array[],
  classOf: number[],
  stream: Float64Array[],
  truth: number[],
  delay: number,
  options: EcsMinerOptions,
) {
  const mean = (own: Float64Array[]) => own[0]!.map((_, j) => own.reduce((sum, row) => sum + row[j]!, 0) / own.length)
  const edge = (own: Float64Array[]) => Math.max(...own.map((row) => distanceOf(row, mean(own))))
  const mode = (list: number[]) =>
    list
      .map((code) => [code, list.filter((other) => other === code).length] as const)
      .reduce((a, b) => (b[1] > a[1] ? b : a))[0]
  const holds = (member: Member, row: Float64Array) =>
    member.some((part) => distanceOf(mean(part.rows), row) <= edge(part.rows))
  const near = (member: Member, row: Float64Array) =>
    [...member].sort((a, b) => distanceOf(mean(a.rows), row) - distanceOf(mean(b.rows), row))[0]!.label
  let made = 0
  const build = (own: Float64Array[], codes: number[]) => {
    const groups = groupRows(own, options.clusters, createRandom(options.seed).split('member').split(made++))
    const parts = groups
      .filter((group) => group.length >= 3)
      .map((group) => ({ label: mode(group.map((i) => codes[i]!)), rows: group.map((i) => own[i]!) }))
    return { parts, codes: new Set(codes) }
  }
  const size = Math.ceil(rows.length / options.members)
  let members = Array.from({ length: Math.ceil(rows.length / size) }, (_, m) =>
    build(rows.slice(m * size, (m + 1) * size), classOf.slice(m * size, (m + 1) * size)),
  )
  let odd: number[] = []
  let lessons: number[] = []
  let last = 0
  const firstOf = (list: { gap: number }[]) => {
    const nearest = list
      .map(({ gap }) => gap)
      .sort((a, b) => a - b)
      .slice(0, options.neighbours)
    return nearest.length === 0 ? Number.POSITIVE_INFINITY : nearest.reduce((sum, gap) => sum + gap, 0) / nearest.length
  }
  return stream.map((row, now) => {
    let [label, novel]: [number, number[]] = [-1, []]
    odd = odd.filter((time) => now - time <= size)
    if (members.some(({ parts }) => holds(parts, row))) {
      const said = members.map(({ parts }) => near(parts, row))
      const voting = said.filter(
        (_, m) => holds(members[m]!.parts, row) || said.slice(m + 1).every((code) => members[m]!.codes.has(code)),
      )
      label = mode(voting.reverse())
    } else {
      odd.push(now)
      if (odd.length > options.least && now + 1 - last >= options.least) {
        last = now + 1
        const count = Math.max(options.clusters, Math.round((options.clusters * odd.length) / size))
        const groups = groupRows(
          odd.map((time) => stream[time]!),
          count,
          createRandom(options.seed)
            .split('search')
            .split(now + 1),
        ).map((group) => group.map((i) => odd[i]!))
        const points = groups.map((group) => group.map((time) => stream[time]!))
        const verdicts = members.map(({ parts }) =>
          points.map((own) => {
            const centre = mean(own)
            const inner = own.reduce((sum, other) => sum + distanceOf(other, centre), 0) / own.length
            const among = points.flatMap((other) =>
              Array.from({ length: other === own ? own.length - 1 : other.length }, () => ({
                gap: other === own ? inner : distanceOf(centre, mean(other)),
              })),
            )
            const a = firstOf(among)
            const codes = [...new Set(parts.map((part) => part.label))]
            const b = Math.min(
              ...codes.map((code) =>
                firstOf(
                  parts
                    .filter((part) => part.label === code)
                    .flatMap((part) => part.rows.map(() => ({ gap: distanceOf(centre, mean(part.rows)) }))),
                ),
              ),
            )
            return b > a
          }),
        )
        const enough = verdicts.every((far) => groups.filter((_, g) => far[g]).flat().length > options.least)
        if (enough)
          novel = groups
            .filter((_, g) => verdicts.every((far) => far[g]))
            .flat()
            .sort((a, b) => a - b)
        odd = odd.filter((time) => !novel.includes(time))
      }
    }
    const late = now - delay
    if (delay >= 0 && late >= 0) {
      if (members.some(({ codes }) => codes.has(truth[late]!))) odd = odd.filter((time) => time !== late)
      lessons.push(late)
      if (lessons.length >= size) {
        const own = lessons
        lessons = []
        const older = members
        members = [
          ...older,
          build(
            own.map((time) => stream[time]!),
            own.map((time) => truth[time]!),
          ),
        ]
        if (members.length > options.members) {
          const right = older.map(
            ({ parts }) => own.filter((time) => near(parts, stream[time]!) === truth[time]).length,
          )
          const worst = right.indexOf(Math.min(...right))
          members = members.filter((_, m) => m !== worst)
        }
      }
    }
    return { label, novel }
  })
}

test.each<[number, Partial<EcsMinerOptions>]>([
  [-1, { clusters: 12, least: 15, neighbours: 20 }],
  [60, { clusters: 10, least: 25, neighbours: 30, members: 4, seed: 1 }],
  [200, { clusters: 20, least: 30, neighbours: 10, members: 3, seed: 2 }],
])('labels %d rows late, %o: answers as the algorithms followed slowly', (delay, options) => {
  const { rows, classOf, truth, stream } = scene(options.seed ?? 0, 700, 600)
  const miner = EcsMiner.learn(rows, classOf, options)
  const expected = slowMiner(rows, classOf, stream, truth, delay, miner.options)
  expect(run(miner, stream, truth, delay)).toEqual(expected)
  expect(expected.some(({ novel }) => novel.length > 0)).toBe(true)
})

test('with labels, a novel class is told from known ones until its labels have made a member', () => {
  for (let seed = 0; seed < 4; seed++) {
    const { rows, classOf, truth, stream } = scene(seed)
    const miner = EcsMiner.learn(rows, classOf, { clusters: 15, least: 40, seed })
    const mined = run(miner, stream, truth, 200)
    const novel = new Set(mined.flatMap((answer) => answer.novel))
    const fresh = truth.flatMap((place, i) => (place === 3 && i < 500 ? [i] : []))
    const old = truth.flatMap((place, i) => (place < 3 ? [i] : []))
    // F_new and M_new of the paper: known rows called novel, novel rows missed while no label was there
    expect(old.filter((i) => novel.has(i)).length / old.length).toBeLessThan(0.01)
    expect(fresh.filter((i) => !novel.has(i)).length / fresh.length).toBeLessThan(0.35)
    const late = mined.slice(1_700).filter(({ label }, i) => label === truth[1_700 + i])
    expect(late.length / 100).toBeGreaterThan(0.85)
  }
})

test('without labels, novel classes get codes of their own', () => {
  const { rows, classOf, truth, stream } = scene(5)
  const miner = EcsMiner.learn(rows, classOf, { clusters: 15, least: 40, patience: 0 })
  const answers = run(miner, stream, truth, -1).map(({ label }) => label)
  const late = (place: number) => answers.filter((_, i) => i > 1_500 && truth[i] === place)
  const codes = [3, 4].map((place) => new Set(late(place).filter((label) => label > 2)))
  expect(late(3).filter((label) => label > 2).length / late(3).length).toBeGreaterThan(0.7)
  expect([...codes[0]!].filter((code) => codes[1]!.has(code))).toEqual([])
  expect(late(0).filter((label) => label > 2)).toEqual([])
})

test('saved in the middle of a stream, it goes on as if nothing had happened; other rows and classes are refused', () => {
  const { rows, classOf, truth, stream } = scene(6, 900, 900)
  const options = { clusters: 12, least: 30 }
  const straight = EcsMiner.learn(rows, classOf, options)
  const expected = run(straight, stream, truth, 80)
  fc.assert(
    fc.property(fc.nat(stream.length - 1), (cut) => {
      const first = EcsMiner.learn(rows, classOf, options)
      const before = run(first, stream.slice(0, cut), truth, 80)
      const second = EcsMiner.fromJson(JSON.parse(JSON.stringify(first.toJson())) as EcsMinerJson)
      expect([...before, ...run(second, stream.slice(cut), truth, 80, cut)]).toEqual(expected)
      expect(second.toJson()).toEqual(straight.toJson())
    }),
    { numRuns: 4 },
  )
  const saved = straight.toJson()
  expect(() => straight.update(Float64Array.of(1))).toThrow(ProblemError)
  expect(() => straight.teach(899, -1)).toThrow('class -1')
  straight.teach(0, 1)
  expect(straight.toJson()).toEqual(saved)
  expect(() => EcsMiner.learn([], [])).toThrow('no rows')
})

test('the gain is -1 to 1, and above 0 for a group far from all classes', () => {
  const random = createRandom(8)
  const sphere = (x: number) => sphereOf(Array.from({ length: 5 }, () => Float64Array.of(x + random.uniform())))
  const known = [0, 1, 2].map((x) => ({ ...sphere(x), label: 0 }))
  expect(nearnessGain([sphere(50), sphere(51)], 0, known, 5)).toBeGreaterThan(0.9)
  expect(nearnessGain([sphere(1.5), sphere(50)], 0, known, 9)).toBeLessThan(0)
  expect(nearnessGain([sphere(50)], 0, [], 5)).toBe(1)
  const alone = sphereOf([Float64Array.of(3)])
  expect(nearnessGain([alone], 0, known, 5)).toBe(-1)
  expect(nearnessGain([alone, alone], 0, [{ ...alone, label: 1 }], 5)).toBe(0)
})
