import { describe, expect, test } from 'vitest'
import { JointSearch, mixLosses } from './joint-search.ts'
import type { SearchSpace } from './space.ts'

const space: SearchSpace = {
  size: { kind: 'number', low: 0, high: 1 },
  other: { kind: 'number', low: 0, high: 1 },
}
/** Larger is better and dearer; the other parameter only harms. */
const quality = ({ size, other }: Readonly<Record<string, number>>) => Math.sqrt(size!) - other! ** 2
const cost = ({ size, other }: Readonly<Record<string, number>>) => 1_000 * (size! + other!)

function run(kind: string, trials: number, breakAt?: number) {
  let search = new JointSearch({
    search: { kind, options: { space, seed: 3, direction: 'maximise' }, trials: [], told: [] },
    costs: [],
  })
  for (let count = 0; count < trials; count++) {
    if (count === breakAt) search = new JointSearch(JSON.parse(JSON.stringify(search.toJson())))
    const trial = search.ask()!
    const settings = trial.settings as Record<string, number>
    search.tell(trial.number, quality(settings), cost(settings))
  }
  return search.trials.map(({ settings }) => settings as Readonly<Record<string, number>>)
}

test('the mix is that of Knowles, by hand', () => {
  expect(mixLosses([0, 1, 2], [10, 5, 0], 0.5)).toEqual([0.5 + 0.025, 0.25 + 0.025, 0.5 + 0.025])
  expect(mixLosses([3, 3], [1, 1], 0.2)).toEqual([0, 0])
})

describe.each(['tpe', 'gaussian', 'evolution'])('%s', (kind) => {
  test('finds cheap trials as well as good ones', () => {
    const late = run(kind, 60).slice(30)
    expect(late.filter(({ size }) => size! < 0.3).length).toBeGreaterThan(4)
    expect(late.filter(({ size }) => size! > 0.6).length).toBeGreaterThan(4)
    const harm = late.reduce((sum, { other }) => sum + other!, 0) / late.length
    expect(harm).toBeLessThan(0.35)
  })

  test('goes on after a break as if there had been none', () => {
    expect(run(kind, 40, 25)).toEqual(run(kind, 40))
  })
})

test('random search is not led by costs', () => {
  const plain = run('random', 5)
  expect(plain).toEqual(run('random', 5, 3))
})
