import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import type { Groups } from '../fairness/protected-groups.ts'
import { fitLogistic, logisticScores } from '../linear/logistic.ts'
import { matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { Adam } from './adam.ts'
import { debiasedChances, fitAdversarialDebiasing } from './adversarial-debiasing.ts'
import { Adversary } from './adversary.ts'
import { fitFairRepresentation, representFairly } from './fair-representation.ts'
import { representationObjective } from './representation-objective.ts'

interface Golden {
  actual: number[]
  features: number[][]
  representations: {
    prototypes: number
    groups: number[]
    terms: [number, number, number]
    point: number[]
    value: number
    gradient: number[]
  }[]
}
const golden = readGolden<Golden>('ml-mitigate-learned')
const groupsOf = (codes: readonly number[]): Groups => ({
  codes: Int32Array.from(codes),
  names: Array.from({ length: Math.max(...codes) + 1 }, (_, code) => `group ${code}`),
  missing: -1,
})
const features = matrix(golden.features.length, 3, Float64Array.from(golden.features.flat()))
const actual = Uint8Array.from(golden.actual)

/** Loans: the first column says whether it is repaid, the second, which the outcome follows too, is the group's. */
function loans(seed: number, rows = 1_500) {
  const random = createRandom(seed)
  const codes = Array.from({ length: rows }, () => (random.uniform() < 0.4 ? 0 : 1))
  const x = matrix(rows, 3)
  const repaid = new Uint8Array(rows)
  codes.forEach((code, row) => {
    const [means, proxy, noise] = [random.normal(), random.normal() + 2.5 * code - 1.5, random.normal()]
    x.values.set([means, proxy, noise], row * 3)
    repaid[row] = 1.2 * means + 0.9 * proxy + random.normal() > 0 ? 1 : 0
  })
  return { x, repaid, groups: groupsOf(codes) }
}

/** Accuracy, the ratio of selection rates and the larger gap of the odds. */
function judge(chances: Float64Array, outcomes: Uint8Array, { codes }: Groups) {
  const chosen = chances.map((chance) => (chance > 0.5 ? 1 : 0))
  const rate = (keep: (row: number) => boolean) => {
    const rows = [...chosen.keys()].filter(keep)
    return rows.reduce((sum, row) => sum + chosen[row]!, 0) / rows.length
  }
  const gap = (outcome: number) =>
    Math.abs(
      rate((row) => codes[row] === 0 && outcomes[row] === outcome) -
        rate((row) => codes[row] === 1 && outcomes[row] === outcome),
    )
  return {
    accuracy: chosen.filter((value, row) => value === outcomes[row]).length / chosen.length,
    impact: rate((row) => codes[row] === 0) / rate((row) => codes[row] === 1),
    odds: Math.max(gap(0), gap(1)),
  }
}

/** The gradient stands in the golden with eight digits and is a difference itself. */
test.each(golden.representations)('the objective of $prototypes prototypes is that of NumPy', (expected) => {
  const groups = groupsOf(expected.groups)
  const [reconstruction, prediction, parity] = expected.terms
  const shape = { prototypes: expected.prototypes, columns: 3, groups: groups.names.length }
  const objective = representationObjective(features, actual, groups, shape, { reconstruction, prediction, parity })
  const gradient = new Float64Array(objective.size)
  expect(objective.evaluate(Float64Array.from(expected.point), gradient)).toBeCloseTo(expected.value, 12)
  expect(largestDifference(gradient, expected.gradient)).toBeLessThan(1e-6)
})

test('a fair representation keeps its prediction and hides the group as its weight grows', () => {
  const { x, repaid, groups } = loans(1)
  const fresh = loans(2)
  const [free, fair] = [0, 2].map((parity) => {
    const model = fitFairRepresentation(x, repaid, groups, { parity, rounds: 120, prototypes: 6 })
    return { model, ...judge(representFairly(model, fresh.x, fresh.groups).chances, fresh.repaid, fresh.groups) }
  })
  expect(free!.accuracy).toBeGreaterThan(0.74)
  expect(free!.impact).toBeLessThan(0.6)
  expect(fair!.accuracy).toBeGreaterThan(0.66)
  expect(fair!.impact).toBeGreaterThan(0.8)
  const { memberships, rebuilt } = representFairly(fair!.model, x, groups)
  for (let row = 0; row < 20; row++) {
    const own = memberships.values.subarray(row * 6, row * 6 + 6)
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
  }
  expect(rebuilt.values.every(Number.isFinite)).toBe(true)
  const again = fitFairRepresentation(x, repaid, groups, { parity: 2, rounds: 120, prototypes: 6 })
  expect(again).toEqual(fair!.model)
})

test('prototypes of far columns, one row and one group stay finite; none and too many are refused', () => {
  const { x, repaid, groups } = loans(3, 40)
  const far = matrix(
    40,
    3,
    x.values.map((value) => 1e3 * value),
  )
  expect(representFairly(fitFairRepresentation(far, repaid, groups), far, groups).chances.every(Number.isFinite)).toBe(
    true,
  )
  const one = fitFairRepresentation(matrix(1, 1), Uint8Array.of(1), groupsOf([0]), { prototypes: 1 })
  expect(one.chances[0]).toBeGreaterThan(0.5)
  for (const prototypes of [0, 41])
    expect(() => fitFairRepresentation(x, repaid, groups, { prototypes })).toThrow(`${prototypes} prototypes`)
})

test.each([false, true])("the adversary's slopes are differences of its loss, outcome known: %s", (knows) => {
  const adversary = new Adversary(3, knows, createRandom(4))
  const heard = (logit: number, outcome: number) => adversary.hear(logit, outcome, 2, 1)
  const near = 1e-6
  for (const [logit, outcome] of [[0.7, 1] as const, [-1.3, 0] as const]) {
    adversary.step(0)
    const { slope } = heard(logit, outcome)
    const gradient = adversary.step(0)
    expect(slope).toBeCloseTo((heard(logit + near, outcome).loss - heard(logit - near, outcome).loss) / (2 * near), 7)
    adversary.parameters.forEach((value, at) => {
      const lossAt = (moved: number) => {
        adversary.parameters[at] = moved
        return heard(logit, outcome).loss
      }
      const difference = (lossAt(value + near) - lossAt(value - near)) / (2 * near)
      adversary.parameters[at] = value
      expect(gradient[at]).toBeCloseTo(difference, 7)
    })
  }
})

test('Adam takes steps of its rate at first, and finds the bottom of a bowl', () => {
  const place = Float64Array.of(3, -2)
  const adam = new Adam(2)
  adam.step(place, Float64Array.of(100, -0.001), 0.1)
  expect(largestDifference(place, [2.9, -1.9])).toBeLessThan(1e-3)
  for (let round = 0; round < 2_000; round++)
    adam.step(
      place,
      place.map((value, at) => (at + 1) * value),
      0.02,
    )
  expect(largestDifference(place, [0, 0])).toBeLessThan(1e-3)
})

test('debiased models even out what they are asked to, over seeds, and say what the adversary still knows', () => {
  const { x, repaid, groups } = loans(5)
  const fresh = loans(6)
  const plain = fitLogistic(x, repaid, 2, { penalty: 1 })
  const chances = logisticScores(plain, fresh.x).filter((_, at) => at % 2 === 1)
  expect(judge(chances, fresh.repaid, fresh.groups).odds).toBeGreaterThan(0.3)
  for (const seed of [0, 1, 2]) {
    const debias = (constraint: 'demographic-parity' | 'equalised-odds') =>
      fitAdversarialDebiasing(x, repaid, groups, { constraint, seed })
    const parity = debias('demographic-parity')
    const even = judge(debiasedChances(parity, fresh.x), fresh.repaid, fresh.groups)
    expect(even.impact).toBeGreaterThan(0.8)
    expect(even.impact).toBeLessThan(1.25)
    expect(even.accuracy).toBeGreaterThan(0.65)
    expect(parity.adversaryLoss).toBeGreaterThan(parity.blindLoss - 0.01)
    const odds = judge(debiasedChances(debias('equalised-odds'), fresh.x), fresh.repaid, fresh.groups)
    expect(odds.odds).toBeLessThan(0.17)
    expect(odds.accuracy).toBeGreaterThan(even.accuracy)
  }
  const options = { seed: 7, rounds: 5 }
  expect(fitAdversarialDebiasing(x, repaid, groups, options)).toEqual(
    fitAdversarialDebiasing(x, repaid, groups, options),
  )
  expect(() => fitAdversarialDebiasing(x, new Uint8Array(x.rows), groups)).toThrow('same outcome')
})
