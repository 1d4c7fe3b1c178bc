import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { logNormalMass } from './normal-mass.ts'
import { truncatedQuantile } from './parzen.ts'
import type { SearchSpace, Setting, Settings } from './space.ts'
import { parzenDimension, TpeHistory } from './tpe-history.ts'
import { TpeSearch, tpeDensities } from './tpe-search.ts'
import { choiceOf, toScale } from './unit-interval.ts'

interface Densities {
  names: string[]
  points: Setting[][]
  below: number[]
  above: number[]
  best: number
}
interface Golden {
  cases: {
    direction: 'minimize' | 'maximize'
    trials: { settings: Settings; value?: number }[]
    below: number[]
    together: Densities
    apart: Densities[]
  }[]
  quantiles: number[][]
  masses: number[][]
}
const golden = readGolden<Golden>('ml-search-tpe')

const space: SearchSpace = {
  rate: { kind: 'number', low: 1e-4, high: 1, log: true },
  depth: { kind: 'integer', low: 1, high: 12 },
  leaves: { kind: 'integer', low: 2, high: 256, log: true },
  share: { kind: 'number', low: 0, high: 2, step: 0.25 },
  offset: { kind: 'number', low: -5, high: 10 },
  kind: { kind: 'category', choices: ['gini', 'entropy', 'loss'] },
}

const place = (name: string, setting: Setting) => {
  const dimension = space[name]!
  return dimension.kind === 'category' ? choiceOf(dimension, setting) : toScale(dimension, setting as number)
}

/** Optuna takes the error function and its tails by other series: 1e-9 is their common accuracy over sums of kernels. */
const tolerance = 1e-9

test.each(golden.cases)('split and densities are those of Optuna, $trials.length trials', (recorded) => {
  const history = new TpeHistory(space)
  for (const { settings } of recorded.trials) history.begin(settings)
  recorded.trials.forEach(({ value }, number) => {
    if (value !== undefined) history.end(number, recorded.direction === 'maximize' ? -value : value)
  })
  expect(history.split().below).toEqual(recorded.below)
  for (const { names, points, below, above, best } of [...recorded.apart, recorded.together]) {
    const densities = tpeDensities(history, space, names)
    const places = points.map((point) => Float64Array.from(point, (setting, d) => place(names[d]!, setting)))
    const [good, rest] = [densities.below.logDensities(places), densities.above.logDensities(places)]
    expect(largestDifference(good, below), names.join()).toBeLessThan(tolerance)
    expect(largestDifference(rest, above), names.join()).toBeLessThan(tolerance)
    const gains = good.map((value, at) => value - rest[at]!)
    expect(gains[best]).toBeCloseTo(Math.max(...gains), 9)
  }
})

test('normal masses and truncated quantiles are those of Optuna', () => {
  for (const [a, b, mass] of golden.masses)
    expect(Math.abs(logNormalMass(a!, b!) / mass! - 1), `${a}`).toBeLessThan(1e-10)
  for (const [u, a, b, quantile] of golden.quantiles)
    expect(Math.abs(truncatedQuantile(u!, a!, b!) - quantile!), `${u}`).toBeLessThan(1e-7)
})

test('draws of the mixture follow its density', () => {
  const history = new TpeHistory(space)
  golden.cases[0]!.trials.forEach(({ settings, value }, number) => {
    history.begin(settings)
    history.end(number, value!)
  })
  const { below } = tpeDensities(history, space, ['kind'])
  const shares = below.logDensities([0, 1, 2].map((choice) => Float64Array.of(choice))).map(Math.exp)
  const counts = new Float64Array(3)
  const random = createRandom(5)
  for (let draw = 0; draw < 20_000; draw++) counts[below.sample(random)[0]!]!++
  expect(
    largestDifference(
      counts.map((count) => count / 20_000),
      Array.from(shares),
    ),
  ).toBeLessThan(0.015)
  const steps = tpeDensities(history, space, ['share']).above
  const places = Array.from({ length: 9 }, (_, k) => Float64Array.of(0.25 * k))
  const drawn = new Float64Array(9)
  for (let draw = 0; draw < 20_000; draw++) drawn[Math.round(steps.sample(random)[0]! * 4)]!++
  expect(
    largestDifference(
      drawn.map((count) => count / 20_000),
      Array.from(steps.logDensities(places), Math.exp),
    ),
  ).toBeLessThan(0.015)
})

test('a density of an unbroken range has mass 1', () => {
  const dimension = parzenDimension(space.offset!)
  const history = new TpeHistory(space)
  golden.cases[0]!.trials.forEach(({ settings, value }, number) => {
    history.begin(settings)
    history.end(number, value!)
  })
  const { above } = tpeDensities(history, space, ['offset'])
  if (dimension.kind !== 'number') throw new Error('offset is a number')
  const width = (dimension.high - dimension.low) / 4000
  const points = Array.from({ length: 4000 }, (_, k) => Float64Array.of(dimension.low + (k + 0.5) * width))
  const mass = above.logDensities(points).reduce((sum, density) => sum + Math.exp(density) * width, 0)
  expect(mass).toBeCloseTo(1, 5)
})

const loss = (settings: Settings) =>
  Math.log10(settings.rate as number) ** 2 / 4 +
  ((settings.offset as number) - 2) ** 2 / 20 +
  (settings.depth as number) / 6 +
  (settings.kind === 'gini' ? 1 : 0) +
  Math.abs((settings.share as number) - 1)

test.each([true, false])('finds better settings than chance, multivariate %s', (multivariate) => {
  const bestOf = (seed: number, startups: number) => {
    const search = new TpeSearch({ space, seed, multivariate, startups })
    for (let count = 0; count < 60; count++) {
      const { number, settings } = search.ask()!
      search.tell(number, loss(settings))
    }
    return search.best()!.value!
  }
  const mean = (startups: number) => [1, 2, 3, 4, 5].reduce((sum, seed) => sum + bestOf(seed, startups) / 5, 0)
  expect(mean(10)).toBeLessThan(0.75 * mean(60))
})

test('failed trials and trials that run are looked after, and a conditional parameter appears only where it exists', () => {
  const conditional: SearchSpace = {
    booster: { kind: 'category', choices: ['tree', 'line'] },
    depth: { kind: 'integer', low: 1, high: 8, when: { name: 'booster', is: ['tree'] } },
    fixed: { kind: 'integer', low: 3, high: 3 },
  }
  const search = new TpeSearch({ space: conditional, seed: 3, direction: 'maximise' })
  for (let count = 0; count < 60; count++) {
    const { number, settings } = search.ask()!
    expect(Object.hasOwn(settings, 'depth')).toBe(settings.booster === 'tree')
    expect(settings.fixed).toBe(3)
    if (count % 7 === 6) search.tell(number, Number.NaN)
    else if (count % 11 !== 0) search.tell(number, settings.booster === 'tree' ? (settings.depth as number) : 0)
  }
  expect(search.trials[6]!.value).toBeNull()
  expect(search.trials[0]!.value).toBeUndefined()
  expect(search.best()!.value).toBe(8)
})
