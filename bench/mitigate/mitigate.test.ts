import { expect, test } from 'vitest'
import { dataFolder, prepareAll, splitLine } from './data-sets.ts'
import { compare, judgeChances, meanJudgement } from './judge-chances.ts'
import { mitigations } from './own-mitigations.ts'

test('lines are split at commas outside quotes, without spaces', () => {
  expect(splitLine('39, State-gov,"yes, ""registered""",,x')).toEqual(['39', 'State-gov', 'yes, "registered"', '', 'x'])
})

test('chances are judged in expectation', () => {
  const judged = judgeChances([1, 0.5, 0, 0.25], [1, 0, 1, 0], [0, 0, 1, 1])
  expect(judged).toEqual({ accuracy: (1 + 0.5 + 0 + 0.75) / 4, impact: 0.75 / 0.125, oddsGap: 1 })
  const even = { accuracy: 0.8, impact: 0.9, oddsGap: 0.1 }
  expect(compare({ ...even, accuracy: 0.791 }, even, 'selection')).toBe('held')
  expect(compare({ ...even, accuracy: 0.789 }, even, 'selection')).toBe('missed')
  expect(compare({ ...even, impact: 1 / 0.85 }, even, 'selection')).toBe('missed')
  expect(compare({ ...even, oddsGap: 0.12 }, even, 'odds')).toBe('missed')
  expect(compare(even, { accuracy: 0.75, impact: 1, oddsGap: 0 }, 'odds')).toContain('held')
  expect(compare(undefined, even, 'odds')).toBe('refused')
  expect(meanJudgement([even, { ...even, impact: 1 / 0.7 }])!.impact).toBeCloseTo(0.8, 12)
})

const folder = dataFolder()

test.skipIf(!folder)('mitigations make German credit evener than none (skipped where ../shared/data is absent)', () => {
  const splits = prepareAll(folder!)
    .find(({ name }) => name === 'German credit')!
    .splits.slice(0, 10)
  expect(splits[0]!.train.x).toMatchObject({ rows: 700, columns: 58 })
  const judged = (key: string) => {
    const { chances } = mitigations.find((mitigation) => mitigation.key === key)!
    return meanJudgement(splits.map((data) => judgeChances(chances(data), data.test.actual, data.test.groups.codes)))!
  }
  const none = judged('none')
  expect(none.accuracy).toBeGreaterThan(0.7)
  for (const key of ['reweighing', 'impact', 'correlation', 'threshold-parity', 'adversarial-parity']) {
    const { accuracy, impact } = judged(key)
    expect(impact).toBeGreaterThan(none.impact)
    expect(accuracy).toBeGreaterThan(none.accuracy - 0.03)
  }
})
