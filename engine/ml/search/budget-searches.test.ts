import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AshaSearch } from './asha-search.ts'
import { HalvingSearch, HyperbandSearch } from './bracket-search.ts'
import { bracketRungs, hyperbandBrackets } from './brackets.ts'
import type { SearchSpace } from './space.ts'
import type { Search, Trial } from './trial-search.ts'

const space: SearchSpace = { x: { kind: 'number', low: 0, high: 1 } }
const costOf = ({ settings, budget }: Trial) => (settings.x as number) + 1 / budget!

/** Asks and tells, some trials at once, until nothing is left. */
function drain(search: Search, atOnce: number, limit = 2_000): void {
  for (let count = 0; count < limit; count++) {
    const batch: Trial[] = []
    for (let trial = search.ask(); trial && batch.push(trial) < atOnce; ) trial = search.ask()
    if (batch.length === 0) return
    for (const trial of batch.reverse()) search.tell(trial.number, costOf(trial))
  }
}

test('the brackets are the table of the paper', () => {
  const table = hyperbandBrackets(81, 1, 3).map((rungs) => rungs.map(({ trials, budget }) => [trials, budget]))
  expect(table).toEqual([
    [
      [81, 1],
      [27, 3],
      [9, 9],
      [3, 27],
      [1, 81],
    ],
    [
      [27, 3],
      [9, 9],
      [3, 27],
      [1, 81],
    ],
    [
      [9, 9],
      [3, 27],
      [1, 81],
    ],
    [
      [6, 27],
      [2, 81],
    ],
    [[5, 81]],
  ])
  expect(hyperbandBrackets(243, 1, 3)[0]).toHaveLength(6)
  expect(bracketRungs(10, 2, 9, 3)).toEqual([
    { trials: 10, budget: 1 },
    { trials: 3, budget: 3 },
    { trials: 1, budget: 9 },
  ])
})

test.each([1, 4, 100])('Hyperband runs every rung of every bracket, %i at once', (atOnce) => {
  const search = new HyperbandSearch({ space, seed: 1, most: 27 })
  drain(search, atOnce)
  hyperbandBrackets(27, 1, 3).forEach((rungs, bracket) => {
    for (const { trials, budget } of rungs)
      expect(search.trials.filter((trial) => trial.bracket === bracket && trial.budget === budget)).toHaveLength(trials)
  })
  expect(search.ask()).toBeUndefined()
  expect(search.best()!.budget).toBe(27)
})

test('Hyperband is made again, with other settings, as often as it is told', () => {
  const once = new HyperbandSearch({ space, seed: 1, most: 9 })
  const twice = new HyperbandSearch({ space, seed: 1, most: 9, passes: 2 })
  drain(once, 1)
  drain(twice, 1)
  const count = once.trials.length
  expect(twice.trials).toHaveLength(2 * count)
  expect(twice.trials.slice(0, count)).toEqual(once.trials)
  expect(twice.trials[count]!.settings).not.toEqual(twice.trials[0]!.settings)
})

test('halving keeps the best of each rung, with the same settings', () => {
  const search = new HalvingSearch({ space, seed: 4, most: 9, count: 12 })
  drain(search, 3)
  for (const budget of [1, 3]) {
    const rung = search.trials.filter((trial) => trial.budget === budget)
    const above = search.trials.filter((trial) => trial.budget === budget * 3)
    const sorted = rung.map((trial) => trial.value as number).sort((a, b) => a - b)
    const from = above.map((trial) => search.trials[trial.from!]!)
    expect(from.map((trial) => trial.value)).toEqual(sorted.slice(0, above.length))
    expect(above.map((trial) => trial.settings)).toEqual(from.map((trial) => trial.settings))
  }
})

test('failed trials never go on, and a bracket of failures ends', () => {
  const search = new HalvingSearch({ space, seed: 4, most: 9 })
  for (let trial = search.ask(); trial; trial = search.ask()) search.tell(trial.number, trial.number < 7 ? null : 1)
  expect(search.trials.filter(({ from }) => from !== undefined && from < 7)).toEqual([])
  expect(search.best()!.budget).toBe(9)
  const hopeless = new HalvingSearch({ space, seed: 4, most: 9 })
  for (let trial = hopeless.ask(); trial; trial = hopeless.ask()) hopeless.tell(trial.number, null)
  expect(hopeless.trials).toHaveLength(9)
})

test('a rung waits for its last trial', () => {
  const search = new HalvingSearch({ space, seed: 4, most: 3, count: 3 })
  const first = [search.ask()!, search.ask()!, search.ask()!]
  expect(search.ask()).toBeUndefined()
  search.tell(first[0]!.number, 3)
  search.tell(first[2]!.number, 1)
  expect(search.ask()).toBeUndefined()
  search.tell(first[1]!.number, 2)
  expect(search.ask()).toMatchObject({ from: 2, budget: 3 })
})

test('ASHA never waits, and only a trial of the best third goes on, once', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, atOnce) => {
      const search = new AshaSearch({ space, seed, most: 9 })
      const running: Trial[] = []
      for (let count = 0; count < 80; count++) {
        const trial = search.ask()!
        const { from } = trial
        if (from !== undefined) {
          const parent = search.trials[from]!
          const peers = search.trials.filter(({ budget, value }) => budget === parent.budget && value !== undefined)
          const better = peers.filter(({ value }) => (value as number) < (parent.value as number))
          expect(better.length).toBeLessThan(Math.floor(peers.length / 3))
          expect(trial.budget).toBe(parent.budget! * 3)
        }
        running.push(trial)
        if (running.length >= atOnce) {
          const done = running.shift()!
          search.tell(done.number, costOf(done))
        }
      }
      const parents = search.trials.map(({ from }) => from).filter((from) => from !== undefined)
      expect(new Set(parents).size).toBe(parents.length)
      if (atOnce === 1) expect(search.best()!.budget).toBe(9)
    }),
    { numRuns: 30 },
  )
})

test('budgets that make no sense are said', () => {
  expect(() => new HyperbandSearch({ space, seed: 1, most: 3, least: 9 })).toThrow('least = 9')
  expect(() => new HalvingSearch({ space, seed: 1, factor: 1 })).toThrow('factor = 1')
})
