import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { wilson } from '../statistics/wilson.ts'
import { armAt } from './assign-arm.ts'
import { bestChances, numberBelief, shareBelief } from './best-chances.ts'
import { differenceSequence } from './difference-sequence.ts'
import { latencyBin, latencyEdge, latencyLimits, latencyQuantile } from './latency-counts.ts'
import { peopleForMeans, peopleForShares } from './people-needed.ts'
import { shareSequence } from './share-sequence.ts'
import { addValue, joinSpreads, noSpread, sampleVariance } from './spread.ts'
import { highestShares, upperIndices } from './upper-index.ts'
import { welchDifference } from './welch-difference.ts'

interface Golden {
  readonly shares: readonly { x: number; n: number; alpha: number; limits: [number, number] }[]
  readonly differences: readonly {
    difference: number
    variance: number
    scale: number
    alpha: number
    half: number
    p: number
  }[]
  readonly people: readonly {
    share: number
    difference: number
    power: number
    alpha: number
    ratio: number
    needed: number
  }[]
  readonly beta: readonly { arms: readonly [number, number][]; chances: number[] }[]
  readonly numbers: readonly { arms: readonly [number, number, number][]; chances: number[] }[]
  readonly welch: { first: number[]; second: number[]; low: number; high: number }
  readonly upper: { rewards: string[]; ucb1: string; 'ucb1-tuned': string }
  readonly thompson: { shares: number[]; rounds: number; batch: number; mean: number; deviation: number; runs: number }
}
const golden = readGolden<Golden>('ml-rollout')
const spreadOf = (values: readonly number[]) => values.reduce(addValue, noSpread)

test('shares have the limits that SciPy finds by root search', () => {
  for (const { x, n, alpha, limits } of golden.shares) {
    const { low, high } = shareSequence(x, n, alpha)
    // brentq stops at 1e-14 of the root
    expect(largestDifference([low, high], limits), `${x} of ${n}`).toBeLessThan(1e-10)
    if (limits[0] > 0) expect(low! / limits[0]).toBeCloseTo(1, 8)
  }
  expect(shareSequence(0, 0)).toEqual({ value: null, n: 0 })
})

test('looked at after each of 2,000 people, limits leave the true share out in fewer than alpha of the cases', () => {
  const random = createRandom(7)
  const alpha = 0.1
  let missed = 0
  let missedByWilson = 0
  for (let run = 0; run < 300; run++) {
    let events = 0
    let outside = false
    let outsideOfWilson = false
    for (let n = 1; n <= 2_000; n++) {
      events += Number(random.uniform() < 0.3)
      if (n % 10 > 0) continue
      const { low, high } = shareSequence(events, n, alpha)
      outside ||= low! > 0.3 || high! < 0.3
      const once = wilson(events, n, 1 - alpha)
      outsideOfWilson ||= once.low! > 0.3 || once.high! < 0.3
    }
    missed += Number(outside)
    missedByWilson += Number(outsideOfWilson)
  }
  // 300 × 0.1, and three deviations of a binomial above
  expect(missed).toBeLessThan(30 + 3 * Math.sqrt(27))
  expect(missed).toBeGreaterThan(0)
  // what intervals for one look would do
  expect(missedByWilson).toBeGreaterThan(5 * 30)
})

test('differences have the interval and p-value of the mixture', () => {
  for (const { alpha, half, p, ...given } of golden.differences) {
    const { low, high, pValue } = differenceSequence(given, alpha)
    expect(largestDifference([low, high, pValue], [given.difference - half, given.difference + half, p])).toBeLessThan(
      1e-9,
    )
  }
  expect(differenceSequence({ difference: 0, variance: 0, scale: 1 })).toMatchObject({ pValue: 1 })
})

test('people needed are those of statsmodels, rounded up', () => {
  for (const { needed, share, ...plan } of golden.people) expect(peopleForShares(share, plan)).toBe(Math.ceil(needed))
  // (1.96 + 0.8416)² × 2 × (10 / 5)² = 62.8
  expect(peopleForMeans(10, { difference: 5, power: 0.8, alpha: 0.05 })).toBe(63)
})

test('spreads join to the spread of all; Welch’s interval is SciPy’s', () => {
  const { first, second, low, high } = golden.welch
  const [a, b] = [spreadOf(first), spreadOf(second)]
  const all = spreadOf([...first, ...second])
  expect(largestDifference(Object.values(joinSpreads(a, b)), Object.values(all))).toBeLessThan(1e-12)
  expect(joinSpreads(noSpread, b)).toEqual(b)
  const found = welchDifference(a, b)
  expect(largestDifference([found.low, found.high], [low, high])).toBeLessThan(1e-10)
  expect(welchDifference(noSpread, b).value).toBeNull()
  expect(sampleVariance(spreadOf([1, 3]))).toBe(2)
})

test('chances to be the best are SciPy’s integrals', () => {
  // trapezoids promise 0.001
  for (const { arms, chances } of golden.beta)
    expect(largestDifference(bestChances(arms.map(([good, n]) => shareBelief(good, n))), chances)).toBeLessThan(1e-3)
  for (const { arms, chances } of golden.numbers) {
    const beliefs = arms.map(([n, mean, squares]) => numberBelief({ n, mean, squares }))
    expect(largestDifference(bestChances(beliefs), chances)).toBeLessThan(1e-3)
  }
})

test.each(['ucb1', 'ucb1-tuned'] as const)('%s plays as NumPy does', (kind) => {
  const rewards = golden.upper.rewards.map((row) => [...row].map(Number))
  const sums = rewards.map(() => ({ n: 0, good: 0 }))
  let choices = ''
  for (let t = 0; t < rewards[0]!.length; t++) {
    const arms = sums.map(({ n, good }) => ({
      n,
      mean: n ? good / n : 0,
      variance: n ? (good / n) * (1 - good / n) : 0,
    }))
    const arm = highestShares(upperIndices(arms, kind)).findIndex((share) => share > 0)
    choices += arm
    sums[arm]!.n++
    sums[arm]!.good += rewards[arm]![t]!
  }
  expect(choices).toBe(golden.upper[kind])
})

test('people spread by the chance to be the best lose as little as by draws from NumPy’s posterior', () => {
  const { shares, rounds, batch, mean, deviation } = golden.thompson
  const random = createRandom(3)
  const runs = 25
  const best = Math.max(...shares)
  let regret = 0
  for (let run = 0; run < runs; run++) {
    const arms = shares.map(() => ({ n: 0, good: 0 }))
    for (let round = 0; round < rounds; round++) {
      const chances = bestChances(arms.map(({ n, good }) => shareBelief(good, n)))
      for (let person = 0; person < batch; person++) {
        const arm = armAt(random.uniform(), chances)
        arms[arm]!.n++
        arms[arm]!.good += Number(random.uniform() < shares[arm]!)
        regret += best - shares[arm]!
      }
    }
  }
  // three standard errors of the mean of our runs
  expect(Math.abs(regret / runs - mean)).toBeLessThan((3 * deviation) / Math.sqrt(runs))
})

test('times fall into bins that grow by a seventh, and quantiles have limits', () => {
  for (const ms of [0, 0.05, 0.2, 1, 17, 900]) {
    const bin = latencyBin(ms)
    expect(latencyEdge(bin)).toBeGreaterThanOrEqual(ms * (1 - 1e-9))
    expect(bin === 0 || latencyEdge(bin - 1) < ms).toBe(true)
  }
  const counts = new Uint32Array(97)
  for (let i = 1; i <= 2_000; i++) counts[latencyBin(i / 100)]!++
  expect(latencyQuantile([], 0.5)).toBeNull()
  expect(latencyQuantile(counts, 0.95)!).toBeGreaterThanOrEqual(19)
  const { low, high } = latencyLimits(counts, 0.95, 0.05)
  expect(low).toBeGreaterThan(14)
  expect(low).toBeLessThan(19)
  expect(high).toBeGreaterThan(19)
})
