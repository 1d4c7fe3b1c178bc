import type { Model, ReasonCodes } from '#contract'
import { formatNumber } from '#report/format-number'
import { spaced, type Wording, wordingFor } from '../../fairness/report/wording.ts'

/** Words for the favourable outcome: a prediction above the base, the class that each is given, or what fairness reports call it. */
export function reasonWording(
  {
    kind,
    favourable,
    limit = 0,
  }: { readonly kind?: ReasonCodes['kind'] | 'two'; readonly favourable: string; readonly limit?: number | undefined },
  model: Model,
): Wording {
  const target = spaced(model.target ?? 'target')
  if (kind === 'given')
    return {
      verb: `are given the same ${target}`,
      adjective: `given the same ${target}`,
      question: `Who is given which ${target}`,
      names: [],
    }
  if (kind !== 'number') return wordingFor({ favourable }, model, '', [])
  const side = `${favourable} ${formatNumber(limit)}`
  return {
    verb: `are predicted ${side}`,
    adjective: `predicted ${side}`,
    question: `Who is predicted ${side}`,
    names: [],
  }
}

/** One and many of what is explained. */
export const nounsOf = ({ of }: Pick<ReasonCodes, 'of'>): readonly [string, string] =>
  of === 'texts' ? ['text', 'texts'] : of === 'pictures' ? ['picture', 'pictures'] : ['person', 'people']
