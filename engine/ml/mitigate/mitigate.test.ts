import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import type { Groups } from '../fairness/protected-groups.ts'
import { matrix } from '../matrix.ts'
import { type CostKind, fitCalibratedOdds } from './calibrated-odds.ts'
import { type DisparityKind, decideRejectOption, fitRejectOption } from './reject-option.ts'
import { fitCorrelationRemoval, removeCorrelation } from './remove-correlation.ts'
import { fitImpactRemoval, removeImpact } from './remove-impact.ts'
import { reweigh } from './reweigh.ts'
import { favourableChance, fitThresholds, type ThresholdConstraint } from './threshold-policy.ts'

interface Golden {
  group: number[]
  third: number[]
  actual: number[]
  score: number[]
  weight: number[]
  features: number[][]
  reweigh: { plain: number[]; weighted: number[] }
  thresholds: {
    constraint: string
    objective: string
    flip: boolean
    groups: number[]
    level: number
    best: number
    chance: number[]
  }[]
  calibrated: { kind: string; scores: number[]; shares: [number, number]; baseRates: number[] }[]
  rejected: { metric: string; bound: number; threshold: number; margin: number; labels: number[] }[]
  decorrelated: { alpha: number; sensitive: number[][]; features: number[][] }[]
}
const golden = readGolden<Golden>('ml-mitigate')
const actual = Uint8Array.from(golden.actual)
const scores = Float64Array.from(golden.score)
const groupsOf = (codes: readonly number[]): Groups => ({
  codes: Int32Array.from(codes),
  names: Array.from({ length: Math.max(...codes) + 1 }, (_, code) => `group ${code}`),
  missing: -1,
})
const rowsOf = (rows: number[][]) => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))

test('weights are those of aif360', () => {
  const groups = groupsOf(golden.group)
  expect(largestDifference(reweigh(groups, actual), golden.reweigh.plain)).toBeLessThan(1e-12)
  const weighted = reweigh(groups, actual, Float64Array.from(golden.weight))
  expect(largestDifference(weighted, golden.reweigh.weighted)).toBeLessThan(1e-12)
})

test('reweighed rows have the same outcomes in every group, and the same total', () => {
  const row = fc.record({
    group: fc.nat(2),
    favourable: fc.nat(1),
    weight: fc.double({ min: 0.1, max: 4, noNaN: true }),
  })
  const every = [0, 1, 2].flatMap((group) => [0, 1].map((favourable) => ({ group, favourable, weight: 1 })))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (drawn) => {
      const rows = [...every, ...drawn]
      const weights = reweigh(
        groupsOf(rows.map(({ group }) => group)),
        Uint8Array.from(rows, ({ favourable }) => favourable),
        Float64Array.from(rows, ({ weight }) => weight),
      )
      const sum = (keep: (row: (typeof rows)[number]) => boolean) =>
        rows.reduce((total, row, index) => total + (keep(row) ? weights[index]! : 0), 0)
      const rate = sum(({ favourable }) => favourable === 1) / sum(() => true)
      for (const group of [0, 1, 2]) {
        const own = sum((row) => row.group === group && row.favourable === 1) / sum((row) => row.group === group)
        expect(own).toBeCloseTo(rate, 9)
      }
      expect(sum(() => true)).toBeCloseTo(
        rows.reduce((total, { weight }) => total + weight, 0),
        8,
      )
    }),
  )
  const alone = reweigh(groupsOf([0, 0, 1]), Uint8Array.of(1, 0, 1))
  expect(alone.every(Number.isFinite)).toBe(true)
})

const constraints: Record<string, ThresholdConstraint> = {
  demographic_parity: 'demographic-parity',
  true_positive_rate_parity: 'true-positive-parity',
  false_positive_rate_parity: 'false-positive-parity',
  equalized_odds: 'equalised-odds',
}

test.each(golden.thresholds)('thresholds for $constraint and $objective are those of fairlearn', (expected) => {
  const policy = fitThresholds(scores, actual, groupsOf(expected.groups), {
    constraint: constraints[expected.constraint]!,
    objective: expected.objective === 'accuracy_score' ? 'accuracy' : 'balanced-accuracy',
    flip: expected.flip,
  })
  expect(policy.level).toBeCloseTo(expected.level, 12)
  const chances = scores.map((score, row) => favourableChance(policy.policies[expected.groups[row]!]!, score))
  expect(largestDifference(chances, expected.chance)).toBeLessThan(1e-9)
  if (expected.constraint !== 'equalized_odds') expect(policy.objective).toBeCloseTo(expected.best, 12)
  expect(JSON.parse(JSON.stringify(policy))).toEqual(policy)
})

test('the groups of a policy meet the constraint exactly, in expectation', () => {
  const groups = groupsOf(golden.third)
  const rate = (policy: ReturnType<typeof fitThresholds>, code: number, keep: (row: number) => boolean) => {
    const rows = golden.third.map((_, row) => row).filter((row) => golden.third[row] === code && keep(row))
    return rows.reduce((sum, row) => sum + favourableChance(policy.policies[code]!, scores[row]!), 0) / rows.length
  }
  const parity = fitThresholds(scores, actual, groups, { constraint: 'demographic-parity' })
  const odds = fitThresholds(scores, actual, groups, { constraint: 'equalised-odds' })
  for (const code of [0, 1, 2]) {
    expect(rate(parity, code, () => true)).toBeCloseTo(parity.level, 9)
    expect(rate(odds, code, (row) => actual[row] === 0)).toBeCloseTo(odds.level, 9)
    expect(rate(odds, code, (row) => actual[row] === 1)).toBeCloseTo(
      rate(odds, 0, (row) => actual[row] === 1),
      9,
    )
  }
  expect(() => fitThresholds(scores, new Uint8Array(scores.length), groups, { constraint: 'equalised-odds' })).toThrow(
    'only one outcome',
  )
})

const kinds: Record<string, CostKind> = { fnr: 'false-negative', fpr: 'false-positive', weighted: 'weighted' }

test('calibrated odds have the shares of aif360 where there are any, and say so where there are none', () => {
  let refused = 0
  for (const { kind, scores: given, shares, baseRates } of golden.calibrated) {
    const part = (code: number) => {
      const rows = golden.group.map((_, row) => row).filter((row) => golden.group[row] === code)
      return {
        scores: Float64Array.from(rows, (row) => given[row]!),
        actual: Uint8Array.from(rows, (row) => actual[row]!),
      }
    }
    const found = () => fitCalibratedOdds(part(0), part(1), kinds[kind]!)
    if (shares.some((share) => !(share >= 0 && share <= 1))) {
      refused++
      expect(found).toThrow('can not be made equal')
      continue
    }
    expect(largestDifference(found().shares, shares)).toBeLessThan(1e-10)
    expect(largestDifference(found().baseRates, baseRates)).toBeLessThan(1e-12)
  }
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(golden.calibrated.length)
  const one = { scores: Float64Array.of(0.2, 0.4), actual: Uint8Array.of(1, 1) }
  expect(() => fitCalibratedOdds(one, one, 'weighted')).toThrow('only one outcome')
})

const disparities: Record<string, DisparityKind> = {
  'Statistical parity difference': 'statistical-parity',
  'Average odds difference': 'average-odds',
  'Equal opportunity difference': 'equal-opportunity',
}
const privileged = Uint8Array.from(golden.group)

test.each(golden.rejected)(
  'the reject option for $metric is that of aif360',
  ({ metric, bound, threshold, margin, labels }) => {
    const found = fitRejectOption(scores, actual, privileged, { kind: disparities[metric]!, bound })
    expect(found.within).toBe(true)
    expect(Math.abs(found.disparity)).toBeLessThanOrEqual(bound)
    expect([found.threshold, found.margin]).toEqual([expect.closeTo(threshold, 10), expect.closeTo(margin, 10)])
    expect(Array.from(scores, (score, row) => decideRejectOption(found, score, privileged[row] === 1))).toEqual(labels)
  },
)

test('where no margin does, the reject option takes the smallest disparity, not the most negative', () => {
  const found = fitRejectOption(scores, actual, privileged, { bound: -1, thresholds: 7, margins: 3 })
  expect(found).toMatchObject({ within: false, disparity: 0 })
  const favoured = scores.map((score, row) =>
    decideRejectOption({ ...found, threshold: 0.5, margin: 0.5 }, score, privileged[row] === 1),
  )
  expect([...favoured]).toEqual(golden.group.map((code) => 1 - code))
  expect(() => fitRejectOption(scores, actual, new Uint8Array(scores.length))).toThrow('only one outcome')
})

test.each(golden.decorrelated)('features without correlation are those of fairlearn, alpha $alpha', (expected) => {
  const [features, sensitive] = [rowsOf(golden.features), rowsOf(expected.sensitive)]
  const removal = fitCorrelationRemoval(features, sensitive, expected.alpha)
  const out = removeCorrelation(removal, features, sensitive)
  expect(largestDifference(out.values, expected.features.flat())).toBeLessThan(1e-10)
})

test('repaired numbers have one distribution, and the order within a group stays', () => {
  const column = Float64Array.from(golden.features, (row) => row[0]!)
  const groups = groupsOf(golden.third)
  const repaired = removeImpact(fitImpactRemoval(column, groups), column, groups)
  const quartiles = [0, 1, 2].map((code) => {
    const own = repaired.filter((_, row) => golden.third[row] === code).sort()
    return [0.25, 0.5, 0.75].map((share) => own[Math.round(share * (own.length - 1))]!)
  })
  const before = [0, 1, 2].map((code) => {
    const own = column.filter((_, row) => golden.third[row] === code).sort()
    return own[Math.round(0.5 * (own.length - 1))]!
  })
  expect(Math.max(...before) - Math.min(...before)).toBeGreaterThan(0.5)
  for (const at of [0, 1, 2]) {
    const values = quartiles.map((own) => own[at]!)
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(0.12)
  }
  for (let a = 0; a < 60; a++)
    for (let b = 0; b < 60; b++)
      if (golden.third[a] === golden.third[b] && column[a]! < column[b]!)
        expect(repaired[a]!).toBeLessThanOrEqual(repaired[b]!)
})

test('a repair by hand, on new rows, with a missing cell, a stranger and level 0', () => {
  const groups = groupsOf([0, 0, 0, 1, 1, 1])
  const removal = fitImpactRemoval(Float64Array.of(0, 1, 2, 10, 11, 12), groups)
  const repaired = removeImpact(removal, Float64Array.of(0, 0.5, 99, 10, Number.NaN, -5), groups)
  expect([...repaired]).toEqual([5, 5.5, 7, 5, Number.NaN, 5])
  const column = Float64Array.of(3, 4)
  expect(removeImpact(removal, column, groupsOf([2, 2]))).toEqual(column)
  const idle = fitImpactRemoval(column, groupsOf([0, 1]), 0)
  expect(removeImpact(idle, column, groupsOf([0, 1]))).toEqual(column)
})
