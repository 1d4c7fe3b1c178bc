import { expect, test } from 'vitest'
import type { Fairness, GroupFigures } from '#contract'
import { worstFinding } from './findings.ts'

const group = (name: string, ratio: number, small = false, reference = false): GroupFigures => ({
  group: name,
  reference,
  rows: small ? 9 : 90,
  small,
  rate: { value: ratio / 2 },
  ratio: { value: ratio },
  difference: { value: ratio / 2 - 0.5 },
})
const fairness = (...attributes: Fairness['attributes']): Fairness => ({
  scope: 'labels',
  favourable: 'yes',
  ratioLimit: 0.8,
  attributes,
  intersections: [],
})
const sex = { columns: ['sex'], groups: [group('m', 1, false, true), group('f', 0.9), group('x', 0.2, true)] }
const foreign = { columns: ['foreign'], groups: [group('yes', 1, false, true), group('no', 0.63, true)] }

test('a small group counts where its column has no other, as the figures that gates read do', () => {
  expect(worstFinding(fairness(sex))!.group.group).toBe('f')
  expect(worstFinding(fairness(sex, foreign))!.group.group).toBe('no')
  expect(worstFinding(fairness({ columns: ['sex'], groups: [group('m', 1, false, true)] }))).toBeUndefined()
})
