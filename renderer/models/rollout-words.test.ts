import { expect, test } from 'vitest'
import type { Rollout } from '#contract'
import { groupRows, numberText, rolloutMoves, shareText } from './rollout-words.ts'

test('a share stands with its limits, a number too, nothing with a dash', () => {
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  expect(plain(shareText({ value: 0.62, low: 0.58, high: 0.66 }))).toBe('62 % (58 % to 66 %)')
  expect(plain(shareText({ value: 0.5 }))).toBe('50 %')
  expect(shareText({ value: null })).toBe('–')
  expect(numberText({ value: 12, low: 10, high: 14 })).toBe('12 (10 to 14)')
  expect(numberText({ value: 1_565 }).replaceAll('\u202f', ' ')).toBe('1 565')
  expect(numberText({ value: null })).toBe('–')
})

test('what has ended is not moved', () => {
  expect(rolloutMoves({ state: 'running', challengers: [3] })).toEqual({
    pause: true,
    resume: false,
    abort: true,
    promote: [3],
  })
  expect(rolloutMoves({ state: 'paused', challengers: [3] })).toMatchObject({
    pause: false,
    resume: true,
    promote: [3],
  })
  expect(rolloutMoves({ state: 'aborted', challengers: [3] })).toEqual({
    pause: false,
    resume: false,
    abort: false,
    promote: [],
  })
})

test('groups stand with all versions that decided about them', () => {
  const arm = (version: number, role: 'champion' | 'challenger', groups: readonly string[]) =>
    ({
      version,
      role,
      groups: groups.map((group) => ({ column: 'sex', group, favourable: { value: 0.5 } })),
    }) as unknown as Rollout['arms'][number]
  expect(groupRows([arm(1, 'champion', ['f', 'm']), arm(2, 'challenger', ['m'])])).toEqual([
    { name: 'sex f', shares: [{ version: 1, role: 'champion', favourable: { value: 0.5 } }] },
    {
      name: 'sex m',
      shares: [1, 2].map((version) => ({
        version,
        role: version === 1 ? 'champion' : 'challenger',
        favourable: { value: 0.5 },
      })),
    },
  ])
  expect(groupRows([])).toEqual([])
})
