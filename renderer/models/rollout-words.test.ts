import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  type ModelVersion,
  type RegisteredModel,
  type Rollout,
  type RolloutStrategy,
  rolloutParameters,
} from '#contract'
import { parametersOf } from '../form/parameter.ts'
import { groupRows, mayRollOut, numberText, rolloutMoves, settingsShown, shareText } from './rollout-words.ts'

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

test('a version may be set beside the one in production, one rollout at a time', () => {
  const version = (number: number, stage: ModelVersion['stage']) => ({ version: number, stage }) as ModelVersion
  const model = { versions: [version(1, 'production'), version(2, 'development')] } as unknown as RegisteredModel
  expect(mayRollOut(model, { stage: 'development' })).toBe(true)
  expect(mayRollOut(model, { stage: 'production' })).toBe(false)
  expect(mayRollOut({ ...model, versions: [version(2, 'development')] }, { stage: 'development' })).toBe(false)
  const rollout = (state: Rollout['state']) => ({ ...model, rollout: { state } as Rollout })
  expect(mayRollOut(rollout('paused'), { stage: 'development' })).toBe(false)
  expect(mayRollOut(rollout('aborted'), { stage: 'development' })).toBe(true)
})

test('a strategy asks for its own settings, and for those that others make sense of', () => {
  const schema = z.toJSONSchema(z.object(rolloutParameters))
  const parameters = parametersOf({ params: schema as never, defaults: {} })
  const names = (strategy: RolloutStrategy, given = {}) =>
    settingsShown(parameters, strategy, given).map(({ name }) => name)
  expect(names('canary')).toContain('steps')
  expect(names('a-b')).not.toContain('steps')
  expect(names('bandit-ucb')).not.toContain('highest')
  expect(names('bandit-ucb', { outcome: 'number' })).toContain('highest')
})
