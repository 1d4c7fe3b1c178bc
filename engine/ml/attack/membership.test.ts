import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { membershipReport } from './membership-report.ts'
import { lossScores, type ObservedRows, ruleAccuracy, ruleScores } from './membership-scores.ts'
import { shadowMembership, trainShadows } from './shadow-membership.ts'
import type { Victim } from './victim.ts'

interface Seen {
  readonly yes: number[]
  readonly classOf: number[]
}
const golden = readGolden<{
  victim: { members: Seen; others: Seen }
  shadows: { members: Seen; others: Seen }[]
  loss: { auc: number; at: [number, number][]; advantage: number }
  ruleAccuracy: number
  blackBoxAuc: number
}>('ml-attack-membership')
const observed = ({ yes, classOf }: Seen): ObservedRows => ({
  classes: 2,
  probabilities: Float64Array.from(yes.flatMap((p) => [1 - p, p])),
  classOf,
})
const [members, others] = [observed(golden.victim.members), observed(golden.victim.others)]

test('by loss, a forest’s members are told as scikit-learn’s curves say', () => {
  const report = membershipReport(lossScores(members), lossScores(others))
  // 1 - p is rounded differently there, so ties of the two classes may fall apart.
  expect(report.auc).toBeCloseTo(golden.loss.auc, 4)
  expect(report.advantage).toBeCloseTo(golden.loss.advantage, 2)
  golden.loss.at.forEach(([falsePositiveRate, truePositiveRate], at) => {
    expect(report.truePositiveRates[at]!.falsePositiveRate).toBe(falsePositiveRate)
    expect(Math.abs(report.truePositiveRates[at]!.truePositiveRate - truePositiveRate)).toBeLessThan(0.01)
  })
})

test('the rule is right as often as ART’s', () => {
  expect(ruleAccuracy(members, others)).toBeCloseTo(golden.ruleAccuracy, 12)
})

test('shadows tell no less than ART’s attack, which is given half of the members', () => {
  const shadows = golden.shadows.map((shadow) => ({
    members: observed(shadow.members),
    others: observed(shadow.others),
  }))
  const { auc } = membershipReport(shadowMembership(shadows, members), shadowMembership(shadows, others))
  expect(auc).toBeGreaterThan(golden.blackBoxAuc)
  expect(auc).toBeGreaterThan(golden.loss.auc - 0.02)
  expect(auc).toBeLessThan(golden.loss.auc + 0.1)
})

test('the report depends on the order of scores alone, and turns round with them', () => {
  const scores = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(scores, scores, (a, b) => {
      const report = (f: (x: number) => number) => membershipReport(Float64Array.from(a, f), Float64Array.from(b, f))
      const { curve: _, ...plain } = report((x) => x)
      const { curve: __, ...cubed } = report((x) => x ** 3 + x)
      expect(cubed).toEqual(plain)
      expect(report((x) => -x).auc).toBeCloseTo(1 - plain.auc, 12)
      const rates = plain.truePositiveRates.map(({ truePositiveRate }) => truePositiveRate)
      expect(rates).toEqual(rates.toSorted((x, y) => x - y))
      expect(plain.advantage).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('perfect scores, equal scores, probabilities of 0, no rows, no numbers', () => {
  const perfect = membershipReport(Float64Array.of(2, 3), Float64Array.of(0, 1))
  expect([perfect.auc, perfect.advantage, perfect.truePositiveRates[0]!.truePositiveRate]).toEqual([1, 1, 1])
  const equal = membershipReport(Float64Array.of(1, 1), Float64Array.of(1, 1))
  expect([equal.auc, equal.advantage, equal.truePositiveRates[0]!.truePositiveRate]).toEqual([0.5, 0, 0])
  const seen: ObservedRows = { classes: 2, probabilities: Float64Array.of(1, 0, 0.5, 0.5), classOf: [1, 0] }
  expect([...lossScores(seen)]).toEqual([Number.NEGATIVE_INFINITY, Math.log(0.5)])
  expect([...ruleScores(seen)]).toEqual([0, 1])
  expect(membershipReport(lossScores(seen), Float64Array.of(0)).auc).toBe(0)
  expect(() => membershipReport(new Float64Array(), Float64Array.of(1))).toThrow(/trained on/)
  expect(() => membershipReport(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(RangeError)
})

/** Gives the label of the nearest row it remembers, surer the nearer it is: it leaks all. */
function nearestNeighbour(rows: Matrix, classOf: ArrayLike<number>): Victim {
  const answer = (row: Float64Array) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (let at = 0; at < rows.rows; at++) {
      const apart = rowOf(rows, at).reduce((sum, cell, j) => sum + (cell - row[j]!) ** 2, 0)
      if (apart < least) [best, least] = [at, apart]
    }
    const sure = 0.5 + 0.5 * Math.exp(-least)
    return classOf[best] === 1 ? [1 - sure, sure] : [sure, 1 - sure]
  }
  return {
    classes: 2,
    predict: (asked) => Float64Array.from([...Array(asked.rows).keys()].flatMap((row) => answer(rowOf(asked, row)))),
  }
}
function drawn(rows: number, seed: number) {
  const random = createRandom(seed)
  const x = matrix(
    rows,
    3,
    Float64Array.from({ length: 3 * rows }, () => random.normal()),
  )
  return { x, classOf: Int32Array.from({ length: rows }, () => random.integer(2)) }
}

test('shadows trained here see through a model that remembers; the same seed gives the same scores', async () => {
  const [own, inside, outside] = [drawn(120, 1), drawn(60, 2), drawn(60, 3)]
  const victim = nearestNeighbour(inside.x, inside.classOf)
  const watch = async ({ x, classOf }: typeof own): Promise<ObservedRows> => ({
    classes: 2,
    probabilities: await victim.predict(x),
    classOf,
  })
  const told: number[] = []
  const shadowsOf = () =>
    trainShadows(own.x, own.classOf, nearestNeighbour, { count: 3, seed: 1, onProgress: (part) => told.push(part) })
  const shadows = await shadowsOf()
  expect(told).toEqual([0, 1 / 3, 2 / 3, 1])
  expect(shadows.map(({ members: { probabilities } }) => probabilities.length)).toEqual([120, 120, 120])
  const score = async (part: typeof own) => shadowMembership(shadows, await watch(part))
  expect(membershipReport(await score(inside), await score(outside)).auc).toBeGreaterThan(0.99)
  expect(shadowMembership(await shadowsOf(), await watch(inside))).toEqual(await score(inside))
})

test('a constant model tells nothing, a class without shadows is judged by the others', async () => {
  const constant: Victim = { classes: 3, predict: ({ rows }) => new Float64Array(3 * rows).fill(1 / 3) }
  const own = drawn(40, 1)
  const shadows = await trainShadows(own.x, own.classOf, () => constant, { count: 2 })
  const seen = { classes: 3, probabilities: new Float64Array(9).fill(1 / 3), classOf: [2, 2, 2] }
  const scores = shadowMembership(shadows, seen)
  expect(membershipReport(scores, scores).auc).toBe(0.5)
  expect(scores.every((score) => score > 0 && score < 1)).toBe(true)
})

test('too few rows, no shadows, a cancel', async () => {
  const constant: Victim = { classes: 2, predict: ({ rows }) => new Float64Array(2 * rows).fill(0.5) }
  const one = drawn(1, 1)
  await expect(trainShadows(one.x, one.classOf, () => constant)).rejects.toMatchObject({ code: 'rows-missing' })
  expect(() => shadowMembership([], members)).toThrow(/no members/)
  const two = drawn(2, 1)
  await expect(trainShadows(two.x, two.classOf, () => constant, { cancelled: () => true })).rejects.toMatchObject({
    code: 'cancelled',
  })
})
