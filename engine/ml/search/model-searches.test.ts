import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { ControllerSearch } from './controller-search.ts'
import { EvolutionSearch } from './evolution-search.ts'
import { fitCovariance } from './fit-covariance.ts'
import { expectedImprovement, fitGaussianProcess, predictGaussianProcess } from './gaussian-process.ts'
import { GaussianSearch } from './gaussian-search.ts'
import { fitCurve, forecastCurve } from './learning-curve.ts'
import { mutateSettings } from './mutate.ts'
import { RandomSearch } from './random-search.ts'
import type { SearchSpace, Settings } from './space.ts'
import type { Search } from './trial-search.ts'

interface Golden {
  gaussian: {
    constant: number
    lengths: number[]
    noise: number
    x: number[][]
    y: number[]
    at: number[][]
    mean: number[]
    deviation: number[]
    improvement: number[]
    likelihood: number
  }[]
  curves: { steps: number[]; values: number[]; fits: Record<'power' | 'exponential', number[]> }
}
const golden = readGolden<Golden>('ml-search')
const rowsOf = (rows: number[][]) => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))

/** At an observed point without noise the deviation is a difference of near equals: 1e-7 there, 1e-10 elsewhere. */
test.each(golden.gaussian)(
  'the process and its expected improvement are those of scikit-learn, noise $noise',
  (case_) => {
    const covariance = { variance: case_.constant, lengths: Float64Array.from(case_.lengths), noise: case_.noise }
    const process = fitGaussianProcess(rowsOf(case_.x), Float64Array.from(case_.y), covariance)!
    expect(process.logLikelihood).toBeCloseTo(case_.likelihood, 9)
    const best = Math.min(...case_.y)
    case_.at.forEach((point, index) => {
      const { mean, deviation } = predictGaussianProcess(process, Float64Array.from(point))
      expect(mean).toBeCloseTo(case_.mean[index]!, 10)
      expect(deviation).toBeCloseTo(case_.deviation[index]!, index === 0 ? 7 : 10)
      expect(expectedImprovement(mean, deviation, best)).toBeCloseTo(case_.improvement[index]!, 9)
    })
  },
)

test('the chosen covariance is the likeliest tried, and its closed-form variance is a maximum', () => {
  const { x, y } = golden.gaussian[0]!
  const values = Float64Array.from(y)
  const found = fitCovariance(rowsOf(x), values)!
  const again = fitGaussianProcess(rowsOf(x), values, found.covariance)!
  expect(found.logLikelihood).toBeCloseTo(again.logLikelihood, 9)
  expect(largestDifference(found.weights, again.weights)).toBeLessThan(1e-7)
  for (const factor of [0.9, 1.1]) {
    const { variance, lengths, noise } = found.covariance
    const other = { variance: variance * factor, lengths, noise: noise * factor }
    expect(fitGaussianProcess(rowsOf(x), values, other)!.logLikelihood).toBeLessThan(found.logLikelihood)
  }
})

test('improvement without doubt is the plain difference', () => {
  expect(expectedImprovement(1, 0, 3)).toBe(2)
  expect(expectedImprovement(4, 0, 3)).toBe(0)
})

const space: SearchSpace = {
  x: { kind: 'number', low: -5, high: 10 },
  y: { kind: 'number', low: 1e-3, high: 10, log: true },
  n: { kind: 'integer', low: 1, high: 30 },
  kind: { kind: 'category', choices: ['a', 'b', 'c', 'd'] },
}
const loss = ({ x, y, n, kind }: Settings) =>
  ((x as number) - 2) ** 2 / 20 +
  Math.log10(y as number) ** 2 +
  Math.abs((n as number) - 11) / 10 +
  (kind === 'c' ? 0 : 0.5)

function bestAfter(search: Search, trials: number, f: (settings: Settings) => number): number {
  for (let count = 0; count < trials; count++) {
    const { number, settings } = search.ask()!
    search.tell(number, f(settings))
  }
  return search.best()!.value!
}
const meanBest = (make: (seed: number) => Search, trials: number) =>
  [1, 2, 3].reduce((sum, seed) => sum + bestAfter(make(seed), trials, loss) / 3, 0)

test('the Gaussian process and evolution find better settings than chance', () => {
  const chance = meanBest((seed) => new RandomSearch({ space, seed }), 60)
  expect(meanBest((seed) => new GaussianSearch({ space, seed }), 40)).toBeLessThan(0.35 * chance)
  expect(meanBest((seed) => new EvolutionSearch({ space, seed, population: 10, tournament: 4 }), 60)).toBeLessThan(
    chance,
  )
})

test('Gaussian trials side by side keep apart, and memory bounds what is fitted', () => {
  const search = new GaussianSearch({ space: { x: space.x! }, seed: 2, startups: 4, memory: 6 })
  bestAfter(search, 12, ({ x }) => ((x as number) - 2) ** 2)
  const together = Array.from({ length: 4 }, () => search.ask()!.settings.x as number).sort((a, b) => a - b)
  for (let at = 1; at < 4; at++) expect(together[at]! - together[at - 1]!).toBeGreaterThan(1e-3)
})

test('equal values and failures leave the Gaussian process asking', () => {
  const search = new GaussianSearch({ space, seed: 2 })
  for (let count = 0; count < 25; count++) search.tell(search.ask()!.number, count % 3 === 0 ? null : 1)
  expect(search.trials).toHaveLength(25)
})

test('a mutation changes one parameter of those that stay, to another value of its range', () => {
  const random = createRandom(8)
  let settings: Settings = { x: 10, y: 0.001, n: 30, kind: 'a' }
  for (let count = 0; count < 300; count++) {
    const child = mutateSettings(space, settings, random, 0.02)
    const changed = Object.keys(space).filter((name) => child[name] !== settings[name])
    expect(changed).toHaveLength(1)
    expect(child.n).toBeGreaterThanOrEqual(1)
    expect(child.n).toBeLessThanOrEqual(30)
    settings = child
  }
  const one: SearchSpace = { only: { kind: 'category', choices: ['x'] } }
  expect(mutateSettings(one, { only: 'x' }, random, 0.1)).toEqual({ only: 'x' })
})

test('evolution forgets: after a population of later trials the best no longer breeds', () => {
  const search = new EvolutionSearch({ space, seed: 5, population: 3, tournament: 30 })
  bestAfter(search, 3, () => 0)
  search.tell(search.ask()!.number, 100)
  search.tell(search.ask()!.number, 7)
  search.tell(search.ask()!.number, 9)
  const parent = search.trials[4]!.settings
  const child = search.ask()!.settings
  expect(Object.keys(space).filter((name) => child[name] !== parent[name])).toHaveLength(1)
})

const choices: SearchSpace = {
  first: { kind: 'category', choices: ['a', 'b', 'c'] },
  second: { kind: 'category', choices: [1, 2, 3, 4], when: { name: 'first', is: ['b'] } },
}

test('the controller comes to prefer what pays, and only among parameters that existed', () => {
  const search = new ControllerSearch({ space: choices, seed: 3, direction: 'maximise' })
  bestAfter(search, 300, ({ first, second }) => (first === 'b' ? (second as number) : 0))
  expect(search.policy('first')[1]).toBeGreaterThan(0.9)
  expect(search.policy('second')[3]).toBeGreaterThan(0.6)
  const idle = new ControllerSearch({ space: choices, seed: 3, entropy: 0 })
  for (let count = 0; count < 40; count++) idle.tell(idle.ask()!.number, 5)
  expect([...idle.policy('first')]).toEqual([1 / 3, 1 / 3, 1 / 3])
  expect(() => new ControllerSearch({ space, seed: 1 })).toThrow('x is a number')
})

test('one value moves the logits along the gradient of its log-probability', () => {
  const rate = 1e-3
  const search = new ControllerSearch({ space: { first: choices.first! }, seed: 9, rate, entropy: 0 })
  search.tell(search.ask()!.number, 1)
  const before = Array.from(search.policy('first'), Math.log)
  const trial = search.ask()!
  search.tell(trial.number, 0)
  const after = Array.from(search.policy('first'), Math.log)
  const chosen = ['a', 'b', 'c'].indexOf(trial.settings.first as string)
  // advantage 1, all probabilities 1/3: the logits move by rate × (1 - 1/3) and rate × (-1/3)
  before.forEach((value, choice) => {
    const step = rate * ((choice === chosen ? 1 : 0) - 1 / 3)
    expect(after[choice]! - value).toBeCloseTo(step, 6)
  })
})

test.each(['power', 'exponential'] as const)('the %s curve is that of SciPy', (family) => {
  const { steps, values, fits } = golden.curves
  const weights = steps.map((step) => step / 25)
  const { limit, amplitude, decay } = fitCurve(family, steps, values, weights)
  // SciPy stops at a relative step of 1e-14 in a flat valley: 1e-6 is what both determine
  expect(largestDifference([limit, amplitude, decay], fits[family])).toBeLessThan(1e-6)
})

test('a forecast meets the true end of either family, and refuses too little', () => {
  const steps = Array.from({ length: 20 }, (_, index) => index + 1)
  const power = forecastCurve(
    steps,
    steps.map((t) => 0.2 + 0.7 * t ** -0.9),
    200,
  )!
  expect(power.value).toBeCloseTo(0.2 + 0.7 * 200 ** -0.9, 6)
  const exponential = forecastCurve(
    steps,
    steps.map((t) => 0.9 - 0.5 * Math.exp(-0.2 * t)),
    200,
  )!
  expect(exponential.value).toBeCloseTo(0.9, 6)
  expect(
    forecastCurve(
      steps,
      steps.map(() => 0.5),
      200,
    ),
  ).toMatchObject({ value: 0.5 })
  const noisy = forecastCurve(golden.curves.steps, golden.curves.values, 100)!
  expect(Math.abs(noisy.value - (0.3 + 0.5 * 100 ** -0.8))).toBeLessThan(3 * noisy.deviation)
  expect(forecastCurve([1, 2, 3, 4], [1, 1, 1, 1], 10)).toBeUndefined()
  expect(
    forecastCurve(
      steps,
      steps.map(() => Number.NaN),
      10,
    ),
  ).toBeUndefined()
})
