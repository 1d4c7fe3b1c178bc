import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import type { Groups } from '../fairness/protected-groups.ts'
import { fitLogistic, type LogisticFit, logisticScores } from '../linear/logistic.ts'
import { matrix } from '../matrix.ts'
import type { WeightedLearner } from './best-response.ts'
import { equaliseOdds } from './equalise-odds.ts'
import { exponentiatedGradient } from './exponentiated-gradient.ts'
import { gridPoints, gridReduction } from './grid-reduction.ts'
import { solveLinearProgram } from './linear-program.ts'
import { type ParityConstraint, parityMoments } from './parity-moments.ts'
import { fitPrejudiceRemover, prejudiceChances, prejudiceObjective } from './prejudice-remover.ts'

interface Golden {
  actual: number[]
  features: number[][]
  score: number[]
  gradient: {
    constraint: ParityConstraint
    bound: number
    groups: number[]
    gap: number
    rounds: number
    error: number
    chance: number[]
  }[]
  grid: { constraint: ParityConstraint; size: number; groups: number[]; errors: number[]; violations: number[] }[]
  prejudice: {
    strength: number
    penalty: number
    groups: number[]
    point: number[]
    value: number
    gradient: number[]
    minimum: number
    parameters: number[]
  }[]
  programs: {
    costs: number[]
    a: number[][]
    b: number[]
    e: number[][]
    f: number[]
    value: number
    x: number[]
    multipliers: number[]
  }[]
  odds: { groups: number[]; falsePositive: number; falseNegative: number; loss: number; chances: number[] }[]
}
const golden = readGolden<Golden>('ml-mitigate-reductions')
const actual = Uint8Array.from(golden.actual)
const features = matrix(golden.features.length, 3, Float64Array.from(golden.features.flat()))
const groupsOf = (codes: readonly number[]): Groups => ({
  codes: Int32Array.from(codes),
  names: Array.from({ length: Math.max(...codes) + 1 }, (_, code) => `group ${code}`),
  missing: -1,
})

const logistic: WeightedLearner<LogisticFit> = {
  fit: (labels, weights) => fitLogistic(features, labels, 2, { penalty: 1, weights, errors: false }),
  decide: (model) => {
    const scores = logisticScores(model, features)
    return Uint8Array.from({ length: features.rows }, (_, row) => (scores[2 * row + 1]! > 0.5 ? 1 : 0))
  },
}

test.each(golden.programs)('linear programs end where SciPy does', ({ costs, a, b, e, f, value, x, multipliers }) => {
  const atMost = a.map((row, at) => ({ row, bound: b[at]! }))
  const equal = e.map((row, at) => ({ row, value: f[at]! }))
  const solution = solveLinearProgram({ costs, atMost, equal })!
  expect(solution.value).toBeCloseTo(value, 9)
  expect(largestDifference(solution.x, x)).toBeLessThan(1e-8)
  expect(largestDifference(solution.multipliers, multipliers)).toBeLessThan(1e-8)
})

test('programs without a solution or a limit are told apart from those with one', () => {
  expect(solveLinearProgram({ costs: [1], atMost: [{ row: [1], bound: -1 }] })).toBeUndefined()
  expect(solveLinearProgram({ costs: [-1], atMost: [{ row: [-1], bound: 0 }] })).toBeUndefined()
  const twice = [
    { row: [1, 1], value: 2 },
    { row: [2, 2], value: 4 },
  ]
  expect(solveLinearProgram({ costs: [1, 3], equal: twice })!.value).toBeCloseTo(2, 12)
  expect(solveLinearProgram({ costs: [1, 2], atMost: [{ row: [-1, -1], bound: -3 }] })).toMatchObject({
    value: 3,
    multipliers: Float64Array.of(1),
  })
})

test.each(golden.odds)('equalised odds cost what SciPy finds, costs $falsePositive and $falseNegative', (expected) => {
  const decisions = Uint8Array.from(golden.score, (score) => (score >= 0.5 ? 1 : 0))
  const { policies, loss } = equaliseOdds(decisions, actual, groupsOf(expected.groups), expected)
  expect(loss).toBeCloseTo(expected.loss, 9)
  const rates = policies.map(({ chances }, group) =>
    [0, 1].map((outcome) => {
      const rows = golden.actual
        .map((_, row) => row)
        .filter((row) => expected.groups[row] === group && actual[row] === outcome)
      return rows.reduce((sum, row) => sum + chances[decisions[row] as 0 | 1], 0) / rows.length
    }),
  )
  for (const own of rates) expect(largestDifference(own, rates[0]!)).toBeLessThan(1e-9)
  expect(() => equaliseOdds(decisions, new Uint8Array(actual.length), groupsOf(expected.groups))).toThrow(
    'only one outcome',
  )
})

/** Probabilities stand in the golden with six digits; the error and the violation are continuous in them. */
test.each(golden.gradient)('exponentiated gradient does as fairlearn, $constraint', (expected) => {
  const { constraint, bound, chance, error, gap } = expected
  const groups = groupsOf(expected.groups)
  const rule = exponentiatedGradient(logistic, actual, groups, { constraint, bound })
  const chances = new Float64Array(actual.length)
  rule.members.forEach((member, at) => {
    const decisions = 'model' in member ? logistic.decide(member.model) : chances.map(() => member.constant)
    decisions.forEach((decision, row) => {
      chances[row]! += rule.shares[at]! * decision
    })
  })
  const moments = parityMoments(constraint, actual, groups)
  expect(rule.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  expect(rule.violation).toBeCloseTo(Math.max(...moments.violations(chances)), 9)
  expect(rule.error).toBeCloseTo(error, 6)
  expect(rule.violation).toBeLessThanOrEqual(Math.max(...moments.violations(chance)) + 1e-4)
  expect(rule.violation).toBeLessThanOrEqual(bound + Math.max(gap, 1e-9))
  expect(largestDifference(chances, chance)).toBeLessThan(1e-5)
  expect(rule.rounds).toBe(expected.rounds)
})

test.each(golden.grid)('the grid has the errors and violations of fairlearn, $constraint with $size', (expected) => {
  const groups = groupsOf(expected.groups)
  const found = gridReduction(logistic, actual, groups, {
    constraint: expected.constraint,
    size: expected.size,
    bound: 0.1,
    refinements: 0,
  })
  expect(
    largestDifference(
      found.all.map(({ error }) => error),
      expected.errors,
    ),
  ).toBeLessThan(1e-9)
  const worst = found.all.map(({ violations }) => Math.max(...violations))
  expect(largestDifference(worst, expected.violations)).toBeLessThan(1e-9)
  const allowed = found.all.filter((_, at) => worst[at]! <= 0.1)
  expect(found.within).toBe(allowed.length > 0)
  if (found.within) expect(found.chosen.error).toBe(Math.min(...allowed.map(({ error }) => error)))
  else expect(Math.max(...found.chosen.violations)).toBe(Math.min(...worst))
  const { constraint, size } = expected
  const refined = gridReduction(logistic, actual, groupsOf(expected.groups), { constraint, size, bound: 0.1 })
  expect(refined.all.map(({ error }) => error)).toEqual(found.all.map(({ error }) => error))
  expect(refined.within || !found.within).toBe(true)
  if (found.within) expect(refined.chosen.error).toBeLessThanOrEqual(found.chosen.error)
})

test('a bound out of reach takes the smallest violation, and one group needs none', () => {
  const groups = groupsOf(golden.grid[0]!.groups)
  const strict = gridReduction(logistic, actual, groups, {
    constraint: 'demographic-parity',
    bound: -1,
    size: 5,
    refinements: 0,
  })
  expect(strict.within).toBe(false)
  expect(Math.max(...strict.chosen.violations)).toBe(
    Math.min(...strict.all.map(({ violations }) => Math.max(...violations))),
  )
  const finer = gridReduction(logistic, actual, groups, { constraint: 'demographic-parity', bound: -1, size: 5 })
  expect(Math.max(...finer.chosen.violations)).toBeLessThan(Math.max(...strict.chosen.violations))
  const alone = gridReduction(logistic, actual, groupsOf(golden.actual.map(() => 0)), {
    constraint: 'demographic-parity',
  })
  expect(alone.all).toHaveLength(1)
  expect(gridPoints(1, 5, 2)).toEqual([[-2], [-1], [0], [1], [2]])
  expect(() =>
    exponentiatedGradient(logistic, new Uint8Array(4), groupsOf([0, 1, 0, 1]), { constraint: 'demographic-parity' }),
  ).toThrow('same outcome')
})

test('projected multipliers are fewer and leave the value of every rule as it is', () => {
  const row = fc.record({ group: fc.nat(2), outcome: fc.nat(1), decision: fc.nat(1) })
  const every = [0, 1, 2].flatMap((group) => [0, 1].map((outcome) => ({ group, outcome, decision: 1 })))
  const multipliers = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 12, maxLength: 12 })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), multipliers, (drawn, given) => {
      const rows = [...every, ...drawn]
      const outcomes = Uint8Array.from(rows, ({ outcome }) => outcome)
      const moments = parityMoments('equalised-odds', outcomes, groupsOf(rows.map(({ group }) => group)))
      const violations = moments.violations(rows.map(({ decision }) => decision))
      const value = (vector: ArrayLike<number>) =>
        violations.reduce((sum, violation, at) => sum + violation * vector[at]!, 0)
      const projected = moments.project(Float64Array.from(given))
      expect(value(projected)).toBeCloseTo(value(given), 8)
      expect(projected.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(given.reduce((a, b) => a + b, 0) + 1e-9)
    }),
  )
})

test('signed weights are what a decision adds to the violations', () => {
  const { groups: codes, constraint } = golden.gradient[1]!
  const moments = parityMoments(constraint, actual, groupsOf(codes))
  const multipliers = Float64Array.from({ length: moments.size }, (_, at) => Math.sin(at + 1) ** 2)
  const value = (decisions: ArrayLike<number>) =>
    moments.violations(decisions).reduce((sum, violation, at) => sum + violation * multipliers[at]!, 0)
  const weights = moments.signedWeights(multipliers)
  const none = new Uint8Array(actual.length)
  for (const row of [0, 5, 17, 100]) {
    const one = Uint8Array.from(none)
    one[row] = 1
    expect(value(one) - value(none)).toBeCloseTo(-weights[row]! / actual.length, 12)
  }
})

test.each(golden.prejudice)('the prejudice remover is that of Kamishima, strength $strength', (expected) => {
  const groups = groupsOf(expected.groups)
  const gradient = new Float64Array(expected.point.length)
  const value = prejudiceObjective(features, actual, groups, expected)(Float64Array.from(expected.point), gradient)
  expect(value / expected.value).toBeCloseTo(1, 12)
  // finite differences in the golden
  expect(largestDifference(gradient, expected.gradient)).toBeLessThan(1e-6)
  const found = fitPrejudiceRemover(features, actual, groups, expected)
  expect(found.converged).toBe(true)
  expect(found.objective / expected.minimum).toBeCloseTo(1, 8)
  expect(
    largestDifference(
      found.sets.flatMap((set) => [...set]),
      expected.parameters,
    ),
  ).toBeLessThan(1e-4)
})

test('more strength leaves less dependence between group and decision', () => {
  const groups = groupsOf(golden.gradient[0]!.groups)
  const gap = (strength: number) => {
    const chances = prejudiceChances(fitPrejudiceRemover(features, actual, groups, { strength }), features, groups)
    return Math.max(...parityMoments('demographic-parity', actual, groups).violations(chances))
  }
  const gaps = [0, 1, 10, 100].map(gap)
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a))
  expect(gaps[3]).toBeLessThan(0.2 * gaps[0]!)
})
