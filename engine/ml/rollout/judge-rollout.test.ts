import { expect, test } from 'vitest'
import { parseRolloutSettings, type RolloutStrategy } from '#contract'
import { createRandom, type Random } from '../random/random.ts'
import { type ArmTally, emptyTally, joinTallies, runningTally } from './arm-tally.ts'
import { armAt, KeyHash } from './assign-arm.ts'
import { canarySteps } from './canary.ts'
import { judgeRollout } from './judge-rollout.ts'
import { settleSettings } from './settle-settings.ts'

interface Version {
  readonly errors?: number
  readonly fallbacks?: number
  readonly approval?: number
  /** Share approved of the second of two groups. */
  readonly second?: number
  readonly ms?: number
  readonly wrong?: number
}

/** What a version does with so many people. */
function people(
  random: Random,
  count: number,
  { errors = 0.002, fallbacks = 0.002, approval = 0.6, second = approval, ms = 5, wrong = 0.1 }: Version,
): ArmTally {
  const tally = runningTally()
  let outcomes = emptyTally.outcomes
  for (let person = 0; person < count; person++) {
    const group = random.uniform() < 0.4 ? 'b' : 'a'
    tally.add({
      first: true,
      ms: ms * Math.exp(0.5 * random.normal()),
      failed: random.uniform() < errors,
      fallback: random.uniform() < fallbacks,
      favourable: random.uniform() < (group === 'b' ? second : approval),
      score: random.uniform(),
      groups: { sex: group },
    })
    if (random.uniform() < 0.5)
      outcomes = {
        ...outcomes,
        n: outcomes.n + 1,
        judged: outcomes.judged + 1,
        wrong: outcomes.wrong + Number(random.uniform() < wrong),
      }
  }
  return joinTallies(tally.take(), { ...emptyTally, outcomes })
}

const settings = parseRolloutSettings({
  steps: '5, 25, 50',
  leastPeople: 200,
  leastMinutes: 30,
  favourable: 'yes',
  classes: ['no', 'yes'],
})

/** Plays a canary to its end, judged after every few people; gives how it ended and at which step. */
function playCanary(random: Random, champion: Version, challenger: Version, given = settings, mostLooks = 600) {
  const steps = canarySteps(given.steps)
  let all: readonly ArmTally[] = [emptyTally, emptyTally]
  let now = all
  let [step, looks] = [0, 0]
  for (;;) {
    looks++
    const share = steps[step]!
    const asked = [
      people(random, Math.round(100 * (1 - share)), champion),
      people(random, Math.max(1, Math.round(100 * share)), challenger),
    ]
    now = now.map((tally, arm) => joinTallies(tally, asked[arm]!))
    all = all.map((tally, arm) => joinTallies(tally, asked[arm]!))
    const judged = judgeRollout('canary', { settings: given, versions: [1, 2], step, minutes: looks * 5, now, all })
    if (judged.action === 'abort' || judged.action === 'promote') return { ...judged, step }
    if (judged.action === 'next') {
      step++
      now = [emptyTally, emptyTally]
    }
    if (looks > mostLooks) return { ...judged, step }
  }
}

test('versions that are alike are aborted less often than alpha, though they are judged all the time', {
  timeout: 60_000,
}, () => {
  const random = createRandom(11)
  const given = {
    ...settings,
    alpha: 0.2,
    steps: '10, 30, 50',
    leastPeople: 120,
    latencyRatio: 1,
    failureRatio: 1,
    approvalShift: 0,
    outcomeRatio: 1,
    groupRatio: 1,
  }
  const runs = 100
  let aborted = 0
  for (let run = 0; run < runs; run++)
    if (playCanary(random.split(run), {}, {}, given, 80).action === 'abort') aborted++
  // with limits at equality itself, the hardest case; a binomial's deviation is 4
  expect(aborted).toBeLessThanOrEqual(runs * given.alpha)
})

test.each([
  ['errors', { errors: 0.2 }, 'errors of version 2'],
  ['fallback answers', { fallbacks: 0.3 }, 'fallback answers of version 2'],
  ['slowness', { ms: 15 }, '95th percentile'],
  ['other decisions', { approval: 0.3 }, 'a difference of 10\u00a0% is allowed'],
  ['a group left behind', { approval: 0.75, second: 0.25 }, 'sex b are 0.'],
  ['wrong decisions', { wrong: 0.6 }, 'wrong decisions of version 2'],
] as const)('a version that brings %s is aborted before it answers everybody', (_, bad, words) => {
  const { action, verdict, guards } = playCanary(createRandom(5), {}, bad)
  expect(action).toBe('abort')
  expect(verdict).toMatch(/^Aborted at (5|25|50)\u00a0%: /)
  expect(guards.some(({ state, text }) => state === 'broken' && text.includes(words))).toBe(true)
})

test('a group that fared as badly before does not stop a version', () => {
  const unfair = { approval: 0.75, second: 0.25 }
  const { action, guards } = playCanary(createRandom(8), unfair, { approval: 0.75, second: 0.3 })
  expect(action).toBe('promote')
  expect(guards.find(({ name }) => name === 'Groups')!.text).toMatch(
    /^favourable decisions of sex b are 0\.\d+ times those of a, before 0\.3/,
  )
})

test('a version of a model of numbers is guarded by its predictions and their distance from outcomes', () => {
  const spread = (n: number, mean: number) => ({ n, mean, squares: n * 4 })
  const arm = (mean: number, miss: number): ArmTally => ({
    ...emptyTally,
    people: 500,
    scores: spread(500, mean),
    outcomes: { ...emptyTally.outcomes, n: 500, misses: spread(500, miss) },
  })
  const judged = (challenger: ArmTally) => {
    const arms = [arm(50, 3), challenger]
    const given = { ...settings, classes: [], latencyRatio: 2 }
    return judgeRollout('canary', { settings: given, versions: [1, 2], step: 2, minutes: 60, now: arms, all: arms })
  }
  expect(judged(arm(50.1, 3.1)).action).toBe('promote')
  expect(judged(arm(52, 3)).verdict).toMatch(
    /^Aborted at 50\u00a0%: mean prediction 52, before 50; a difference of 0\.2 is allowed/,
  )
  expect(judged(arm(50, 6)).verdict).toContain(
    'mean distance of predictions from outcomes 6, before 3; 1.25 times are allowed',
  )
  expect(judged(arm(50, 3.8)).verdict).toContain('It waits: mean distance')
  expect(judged(emptyTally).guards.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'unknown'))
})

test('a good version passes all steps', () => {
  const { action, step, verdict } = playCanary(createRandom(2), {}, { errors: 0.001, approval: 0.62 })
  expect([action, step]).toEqual(['promote', 2])
  expect(verdict).toBe('All 3 steps passed and no guard was broken.')
  expect(canarySteps('50, 5,100, 0, 5')).toEqual([0.05, 0.5])
})

const evidence = (all: readonly ArmTally[], more = {}) => ({
  settings: parseRolloutSettings({ favourable: 'yes', success: 'yes', ...more }),
  versions: all.map((_, at) => at + 1),
  step: 0,
  minutes: 1,
  now: all,
  all,
})
const judge = (strategy: RolloutStrategy, all: readonly ArmTally[], more = {}) =>
  judgeRollout(strategy, evidence(all, more))
const outcomesOf = (good: number, n: number): ArmTally => ({
  ...emptyTally,
  people: n,
  decided: n,
  favourable: good,
  outcomes: { ...emptyTally.outcomes, n, good, numbers: { n, mean: good / n, squares: n * 0.2 } },
})

test('A/B: shares stay, people needed are said beforehand, a difference is found', () => {
  const before = judge('a-b', [emptyTally, emptyTally])
  expect(before.shares).toEqual([0.5, 0.5])
  expect(before.figures).toEqual([{ label: 'People needed of version 1', estimate: { value: 1565 } }])
  expect(before.verdict).toContain('nothing to compare yet')
  const alike = judge('a-b', [outcomesOf(500, 1_000), outcomesOf(505, 1_000)])
  expect(alike.verdict).toContain('No difference is sure yet')
  const apart = judge('a-b', [outcomesOf(500, 1_000), outcomesOf(620, 1_000)])
  expect(apart.verdict).toMatch(
    /^Version 2 has favourable decisions 12\u00a0% above those of version 1, [2-8].* at least\./,
  )
  const numbers = judge('a-b', [outcomesOf(500, 1_000), outcomesOf(620, 1_000)], {
    outcome: 'number',
    detect: 0.1,
    challengerShare: 20,
  })
  expect(numbers.shares).toEqual([0.8, 0.2])
  expect(numbers.figures.map(({ label }) => label)).toContain('Mean outcome: difference of version 2')
})

test('A/B: versions that are alike are told apart less often than alpha, at any look', () => {
  const random = createRandom(4)
  const runs = 200
  let found = 0
  for (let run = 0; run < runs; run++) {
    const counts = [0, 0]
    let wrong = false
    for (let n = 40; n <= 2_000; n += 40) {
      for (let person = 0; person < 40; person++)
        for (const arm of [0, 1]) counts[arm]! += Number(random.uniform() < 0.5)
      const arms = counts.map((good) => ({ ...outcomesOf(good, n), outcomes: emptyTally.outcomes }))
      wrong ||= !judge('a-b', arms, { alpha: 0.2 }).verdict.startsWith('No difference')
    }
    found += Number(wrong)
  }
  // 0.2 is halved between decisions and outcomes
  expect(found / runs).toBeLessThanOrEqual(0.1)
})

test('bandits go where outcomes are better', () => {
  expect(judge('bandit-thompson', [emptyTally, emptyTally]).shares).toEqual([0.5, 0.5])
  const { shares, best, verdict } = judge('bandit-thompson', [outcomesOf(40, 100), outcomesOf(60, 100)])
  expect(shares[1]).toBeGreaterThan(0.99)
  expect(best).toEqual(shares)
  expect(verdict).toMatch(/^Version 2 answers 99\.\d\u00a0% of people after 200 outcomes\.$/)
  const numbers = { outcome: 'number' }
  expect(judge('bandit-thompson', [outcomesOf(1, 3), outcomesOf(60, 100)], numbers).shares).toEqual([0.5, 0.5])
  expect(judge('bandit-thompson', [outcomesOf(40, 100), outcomesOf(60, 100)], numbers).shares[1]).toBeGreaterThan(0.99)
  expect(judge('bandit-ucb', [outcomesOf(40, 100), outcomesOf(60, 100)]).shares).toEqual([0, 1])
  expect(judge('bandit-ucb', [outcomesOf(40, 100), emptyTally]).shares).toEqual([0, 1])
  expect(
    judge('bandit-ucb', [outcomesOf(40, 100), outcomesOf(60, 100)], { ...numbers, index: 'ucb1-tuned' }).shares,
  ).toEqual([0, 1])
})

test('a shadow answers nobody and is compared person by person', () => {
  const random = createRandom(9)
  const tally = runningTally()
  const own = runningTally()
  for (let person = 0; person < 1_000; person++) {
    const score = random.uniform()
    own.pair({ hash: random.uniform(), agreed: person % 20 > 0, first: score, second: score + 0.1 })
  }
  own.drop(7)
  const half = joinTallies(own.take(), emptyTally)
  const { shares, verdict, figures } = judge('shadow', [tally.take(), joinTallies(half, half)])
  expect(shares).toEqual([1, 0])
  expect(verdict).toMatch(/^Version 2 decides as version 1 for 95\u00a0% of 2\u202f000 people/)
  const figure = (label: string) => figures.find((one) => one.label === label)!.estimate
  expect(figure('Mean difference of scores').value).toBeCloseTo(0.1, 12)
  expect(figure('Rows left out').value).toBe(14)
  expect(figure('Kolmogorov-Smirnov distance of scores')).toMatchObject({ n: 400, value: expect.closeTo(0.12, 1) })
  expect(judge('shadow', [emptyTally, emptyTally]).verdict).toContain('nothing was asked yet')
})

test('blue-green waits for its check, then switches by itself or by hand', () => {
  const given = evidence([emptyTally, emptyTally])
  expect(judgeRollout('blue-green', given).action).toBe('stay')
  expect(judgeRollout('blue-green', given, 'Version 2 refuses.')).toMatchObject({
    action: 'abort',
    verdict: 'Version 2 refuses.',
  })
  expect(judgeRollout('blue-green', given, 'kept').action).toBe('promote')
  expect(judgeRollout('blue-green', evidence([emptyTally, emptyTally], { switch: 'by-hand' }), 'kept').action).toBe(
    'stay',
  )
})

test('people are spread evenly, the same way each time, and stay as a share grows', () => {
  const hash = new KeyHash('1/1,2')
  const placeOf = (key: string | number) => {
    hash.cell(key)
    return hash.place()
  }
  const places = Array.from({ length: 20_000 }, (_, person) => placeOf(`person ${person}`))
  const counts = new Array(50).fill(0)
  for (const place of places) counts[Math.floor(place * 50)]++
  const chiSquare = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)
  // 49 degrees: 0.999 of chances are below 85
  expect(chiSquare).toBeLessThan(85)
  const numbers = Array.from({ length: 20_000 }, (_, person) => placeOf(person / 10))
  expect(new Set(numbers).size).toBe(20_000)
  expect(numbers.filter((place) => place < 0.1).length / 20_000).toBeCloseTo(0.1, 2)
  expect(places[17]).toBe(placeOf('person 17'))
  expect(placeOf(0)).toBe(placeOf(-0))
  expect(placeOf('1')).not.toBe(placeOf(1))
  const inFive = places.filter((place) => armAt(place, [0.95, 0.05]) === 1)
  expect(inFive.every((place) => armAt(place, [0.75, 0.25]) === 1)).toBe(true)
  expect(armAt(0.3, [0.5, 0.2, 0.3])).toBe(2)
  expect(armAt(0.99, [0.5, 0.2, 0.3])).toBe(0)
})

test('what is not said is taken from the model', () => {
  const given = parseRolloutSettings({})
  const settled = settleSettings(given, { purpose: 'binary', classes: ['no', 'yes'] })
  expect(settled).toMatchObject({ classes: ['no', 'yes'], favourable: 'yes', success: 'yes', steps: '1, 5, 25, 50' })
  expect(
    settleSettings({ ...given, success: 'no' }, { purpose: 'binary', classes: ['no', 'yes'], positive: 'yes' }).success,
  ).toBe('no')
  expect(settleSettings(given, { purpose: 'regression' })).toMatchObject({
    classes: [],
    favourable: '',
    outcome: 'number',
  })
  expect(() => parseRolloutSettings({ alpha: 3 })).toThrow()
})
