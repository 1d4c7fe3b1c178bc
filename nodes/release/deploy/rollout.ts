import { z } from 'zod'
import {
  type Model,
  parseRolloutSettings,
  type RolloutOrder,
  type RolloutStrategy,
  rolloutParameters,
  rolloutStrategies,
} from '#contract'
import { settleSettings } from '#ml/rollout/settle-settings'

/** How a new version comes to answer beside the one in production. */
export const rolloutParams = {
  rollout: z
    .enum(['none', ...rolloutStrategies])
    .default('none')
    .meta({
      title: 'Rollout',
      description: 'How a new version comes to answer while another is in production; none replaces it at once.',
      when: { mode: ['server'] },
    }),
  ...rolloutParameters,
}

/** Undefined where the version replaces the one in production at once. */
export function rolloutOf(
  params: { readonly rollout: 'none' | RolloutStrategy },
  model: Model,
  seed: number,
): RolloutOrder | undefined {
  if (params.rollout === 'none') return undefined
  const settings = settleSettings(parseRolloutSettings({ ...params, seed }), model)
  return { strategy: params.rollout, settings }
}

const answers: Readonly<Record<RolloutStrategy, string>> = {
  shadow: 'it scores what the version in production answers, and is compared with it; it answers nobody',
  canary:
    'it answers a growing share of people, is promoted after the last step, and aborted where a guard is surely broken',
  'blue-green': 'both versions are loaded and checked, then it answers everybody at once',
  'a-b': 'it answers a fixed share of people, whose decisions and outcomes are compared',
  'bandit-thompson': 'it answers as many people as it has chance to be the best by the outcomes that come in',
  'bandit-ucb': 'it answers everybody while its outcomes may be the best',
}

/** What becomes of a new version, in a sentence. */
export const rolloutSentence = (strategy: RolloutStrategy): string =>
  `Where another version is in production this one is rolled out (${strategy}): ${answers[strategy]}. "plumbline rollout show NAME" says how it stands.`
