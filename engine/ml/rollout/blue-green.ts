import type { Evidence, Judgement } from './judgement.ts'

/**
 * Blue and green are both loaded; one of them answers everybody. The switch comes at once: by hand, or as soon as the check
 * has let both answer rows of the training table. `checked` is what that said: nothing yet, a complaint, or "kept".
 */
export function judgeBlueGreen({ settings, versions }: Evidence, checked: string | undefined): Judgement {
  const [blue, green] = versions
  const common = { shares: [1, 0], guards: [], figures: [] }
  if (checked === undefined)
    return {
      ...common,
      action: 'stay',
      verdict: `Version ${blue} answers; version ${green} is to be checked by a server.`,
    }
  if (checked !== 'kept') return { ...common, action: 'abort', verdict: checked }
  const verdict = `Both versions keep the contract; version ${green} is loaded`
  return settings.switch === 'after-check'
    ? { ...common, action: 'promote', verdict: `${verdict}.` }
    : { ...common, action: 'stay', verdict: `${verdict} and waits for the switch.` }
}
