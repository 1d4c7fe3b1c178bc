import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FrameColumn, GroupFigures, Metric } from '#contract'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { consistency } from './consistency.ts'
import { entropyEstimate, generalisedEntropy, theil } from './generalised-entropy.ts'
import { groupGaps } from './group-gaps.ts'
import { type Decisions, groupFigures, judgeGroups } from './judge-groups.ts'
import { crossGroups, type Groups, protectedGroups } from './protected-groups.ts'

type Rates = Record<string, number>
interface Pair {
  rates: Record<'a' | 'b', Rates>
  ratio: number
  difference: number
  equalOpportunity: number
  averageOdds: number
  theil: number
  entropy2: number
  entropyHalf: number
  consistency: number
}
interface Golden {
  group: string[]
  features: number[][]
  actual: number[]
  score: number[]
  weight: number[]
  noLoss: { favourable: number[]; entropy0: number }
  two: Record<'plain' | 'weighted', Pair>
  many: Record<
    'plain' | 'weighted',
    Record<'parity' | 'ratio' | 'equalOpportunity' | 'equalisedOdds', number> & { byGroup: Record<string, Rates> }
  >
}
const golden = readGolden<Golden>('ml-fairness')

const text = (values: readonly (string | null)[]): FrameColumn => {
  const levels = [...new Set(values.filter((value) => value !== null))].sort()
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)))
  return { name: 'g', type: 'text', nullable: true, cells: { kind: 'text', codes, levels } }
}
const numbers = (
  values: readonly number[],
  type: 'number' | 'integer' | 'date' | 'boolean' = 'integer',
): FrameColumn => ({
  name: 'g',
  type,
  nullable: true,
  cells: { kind: 'number', values: Float64Array.from(values) },
})

const kept = (rows: readonly number[], weighted: boolean): { groups: Groups; decisions: Required<Decisions> } => ({
  groups: protectedGroups(text(rows.map((row) => golden.group[row]!))),
  decisions: {
    favourable: Uint8Array.from(rows, (row) => (golden.score[row]! >= 0.5 ? 1 : 0)),
    actual: Uint8Array.from(rows, (row) => golden.actual[row]!),
    scores: Float64Array.from(rows, (row) => golden.score[row]!),
    weights: Float64Array.from(rows, (row) => (weighted ? golden.weight[row]! : 1)),
  },
})
const everyRow = [...golden.group.keys()]
const twoRows = everyRow.filter((row) => golden.group[row] !== 'c')
const named = (metrics: readonly Metric[], name: string) =>
  metrics.find((metric) => metric.name === `fairness.${name}.g`)!
const rate = (figures: GroupFigures, key: string) =>
  (figures as unknown as Record<string, { value: number }>)[key]!.value

test.each(['plain', 'weighted'] as const)('two groups agree with aif360, %s', (kind) => {
  const { groups, decisions } = kept(twoRows, kind === 'weighted')
  const judged = judgeGroups(groups, decisions, 'a')
  const [a, b] = groupFigures(judged)
  const expected = golden.two[kind]
  for (const [figures, rates] of [
    [a!, expected.rates.a],
    [b!, expected.rates.b],
  ] as const)
    for (const [key, value] of Object.entries(rates)) expect(rate(figures, key), key).toBeCloseTo(value, 10)
  expect(b!.ratio.value).toBeCloseTo(expected.ratio, 10)
  expect(b!.difference.value).toBeCloseTo(expected.difference, 10)
  expect(rate(b!, 'truePositiveRate') - rate(a!, 'truePositiveRate')).toBeCloseTo(expected.equalOpportunity, 10)
  expect(named(groupGaps(judged, 'g'), 'average-odds').value).toBeCloseTo(Math.abs(expected.averageOdds), 10)
  expect(theil(decisions.favourable, decisions.actual)).toBeCloseTo(expected.theil, 10)
  expect(generalisedEntropy(decisions.favourable, decisions.actual, 2)).toBeCloseTo(expected.entropy2, 10)
  expect(generalisedEntropy(decisions.favourable, decisions.actual, 0.5)).toBeCloseTo(expected.entropyHalf, 10)
  const features = twoRows.flatMap((row) => [...golden.features[row]!, golden.group[row] === 'a' ? 1 : 0])
  const near = consistency(matrix(twoRows.length, 4, Float64Array.from(features)), decisions.favourable)
  expect(near).toBeCloseTo(expected.consistency, 10)
})

test.each(['plain', 'weighted'] as const)('three groups agree with Fairlearn, %s', (kind) => {
  const { groups, decisions } = kept(everyRow, kind === 'weighted')
  const judged = judgeGroups(groups, decisions)
  const expected = golden.many[kind]
  for (const figures of groupFigures(judged))
    for (const [key, value] of Object.entries(expected.byGroup[figures.group]!))
      expect(rate(figures, key), key).toBeCloseTo(value, 10)
  const gaps = groupGaps(judged, 'g')
  expect(named(gaps, 'ratio').value).toBeCloseTo(expected.ratio, 10)
  expect(named(gaps, 'parity').value).toBeCloseTo(expected.parity, 10)
  expect(named(gaps, 'equal-opportunity').value).toBeCloseTo(expected.equalOpportunity, 10)
  expect(named(gaps, 'equalised-odds').value).toBeCloseTo(expected.equalisedOdds, 10)
  for (const gap of gaps.filter(({ name }) => !name.includes('calibration'))) {
    expect(gap.low!).toBeLessThanOrEqual(gap.value!)
    expect(gap.high!).toBeGreaterThanOrEqual(gap.value!)
  }
})

test('alpha 0 follows the paper, and is undefined where a benefit is 0', () => {
  const actual = Uint8Array.from(golden.actual)
  expect(generalisedEntropy(Uint8Array.from(golden.noLoss.favourable), actual, 0)).toBeCloseTo(
    golden.noLoss.entropy0,
    12,
  )
  expect(generalisedEntropy(Uint8Array.of(0, 1), Uint8Array.of(1, 1), 0)).toBeNull()
  expect(theil(Uint8Array.of(0, 0), Uint8Array.of(1, 1))).toBeNull()
})

test('the reference is the named group, else the highest rate among those large enough', () => {
  const group = [...new Array(40).fill('a'), ...new Array(40).fill('b'), 'tiny', 'tiny', ...new Array(40).fill(null)]
  const favourable = Uint8Array.from(group, (name, row) =>
    name === 'tiny' || !name || row % (name === 'a' ? 2 : 4) === 0 ? 1 : 0,
  )
  const groups = protectedGroups(text(group as (string | null)[]))
  expect(groups.names).toEqual(['a', 'b', 'tiny', '(missing)'])
  const figures = groupFigures(judgeGroups(groups, { favourable }))
  expect(figures.map(({ reference }) => reference)).toEqual([true, false, false, false])
  expect(figures.map(({ small }) => small)).toEqual([false, false, true, false])
  expect(figures[1]!.ratio.value).toBeCloseTo(0.5, 12)
  const other = judgeGroups(groups, { favourable }, 'b')
  expect(groupFigures(other)[0]!.ratio.value).toBeCloseTo(2, 12)
  expect(named(groupGaps(judgeGroups(groups, { favourable }), 'g'), 'ratio').value).toBeCloseTo(0.5, 12)
})

test('labels alone have no error rates', () => {
  const { groups, decisions } = kept(everyRow, false)
  const judged = judgeGroups(groups, { favourable: decisions.actual })
  expect(Object.keys(groupFigures(judged)[0]!).sort()).toEqual(
    ['difference', 'group', 'rate', 'ratio', 'reference', 'rows', 'small'].sort(),
  )
  expect(groupGaps(judged, 'g').map(({ name }) => name)).toEqual(['fairness.ratio.g', 'fairness.parity.g'])
})

test('numbers are cut at the edges given, else at quartiles; a few values stay as they are', () => {
  expect(protectedGroups(numbers([18, 29, 30, 59, 60, Number.NaN]), [60, 30]).names).toEqual([
    'below 30',
    '30–59',
    '60+',
    '(missing)',
  ])
  const ages = numbers(Array.from({ length: 100 }, (_, row) => 20 + row))
  const { names, codes } = protectedGroups(ages)
  expect(names).toEqual(['below 45', '45–69', '70–94', '95+'])
  expect(names.map((_, group) => codes.filter((code) => code === group).length)).toEqual([25, 25, 25, 25])
  expect(protectedGroups(numbers([0, 1, 1, 0])).names).toEqual(['0', '1'])
  expect(protectedGroups(numbers([0, 1, 1], 'boolean')).names).toEqual(['false', 'true'])
  expect(protectedGroups(numbers([1.5, 2.25, 9], 'number'), [2, 3.5]).names).toEqual([
    'below 2',
    '2 to below 3.5',
    '3.5+',
  ])
  expect(protectedGroups(numbers([Number.NaN, Number.NaN])).names).toEqual(['(missing)'])
})

test('crossed groups hold every row once', () => {
  const cross = crossGroups([protectedGroups(text(['x', 'y', 'x', null])), protectedGroups(numbers([1, 1, 1, 0]))])
  expect(cross.names).toEqual(['x, 1', 'y, 1', '(missing), 0'])
  expect([...cross.codes]).toEqual([0, 1, 0, 2])
})

test('nothing depends on the order of the rows, and equal groups have no gap', () => {
  const row = fc.record({
    g: fc.constantFrom('a', 'b', 'c'),
    d: fc.nat(1),
    y: fc.nat(1),
    w: fc.double({ min: 0.1, max: 5, noNaN: true }),
  })
  const judge = (rows: readonly { g: string; d: number; y: number; w: number }[]) =>
    groupFigures(
      judgeGroups(protectedGroups(text(rows.map(({ g }) => g))), {
        favourable: Uint8Array.from(rows, ({ d }) => d),
        actual: Uint8Array.from(rows, ({ y }) => y),
        weights: Float64Array.from(rows, ({ w }) => w),
      }),
    )
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 80 }), (rows) => {
      const [one, other] = [judge(rows), judge([...rows].reverse())]
      one.forEach((figures, group) => {
        expect(other[group]!.rows).toBe(figures.rows)
        const [a, b] = [figures.rate.value!, other[group]!.rate.value!]
        expect(b).toBeCloseTo(a, 10)
      })
      const twice = [...rows.map((r) => ({ ...r, g: 'a' })), ...rows.map((r) => ({ ...r, g: 'b' }))]
      const figures = judge(twice)
      expect(figures[0]!.difference.value! + figures[1]!.difference.value!).toBeCloseTo(0, 12)
    }),
    { numRuns: 50 },
  )
})

test('empty tables give no figures and no error', () => {
  const groups = protectedGroups(text([]))
  const judged = judgeGroups(groups, { favourable: new Uint8Array(0), actual: new Uint8Array(0) })
  expect(groupFigures(judged)).toEqual([])
  expect(groupGaps(judged, 'g').map(({ value }) => value)).toEqual([null, null, null, null, null, null, null])
})

test.each([1, 2, 0.5])('the interval of the entropy covers the truth as often as it says, alpha %f', (alpha) => {
  const random = createRandom(9)
  const draw = (rows: number) => {
    const favourable = new Uint8Array(rows)
    const actual = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) {
      const u = random.uniform()
      actual[row] = u < 0.15 || u > 0.6 ? 1 : 0
      favourable[row] = (u >= 0.15 && u < 0.25) || u > 0.6 ? 1 : 0
    }
    return { favourable, actual }
  }
  const exact = [0.15, 0.75, 0.1]
  const mean = exact[1]! + 2 * exact[2]!
  const term = (r: number) => (alpha === 1 ? (r === 0 ? 0 : r * Math.log(r)) : (r ** alpha - 1) / (alpha * (alpha - 1)))
  const truth = exact.reduce((sum, share, benefit) => sum + share * term(benefit / mean), 0)
  let covered = 0
  for (let round = 0; round < 600; round++) {
    const { favourable, actual } = draw(400)
    const { low, high } = entropyEstimate(favourable, actual, alpha)
    if (low! <= truth && truth <= high!) covered++
  }
  expect(covered / 600).toBeGreaterThan(0.92)
  expect(covered / 600).toBeLessThan(0.98)
})
