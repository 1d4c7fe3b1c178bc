import type { RolloutStrategy } from '#contract'
import { judgeAB } from './a-b.ts'
import { judgeThompson, judgeUpper } from './bandit.ts'
import { judgeBlueGreen } from './blue-green.ts'
import { judgeCanary } from './canary.ts'
import type { Evidence, Judgement } from './judgement.ts'
import { judgeShadow } from './shadow.ts'

/** What is to be done with a rollout, and how it stands. `checked` is for blue-green alone. */
export function judgeRollout(strategy: RolloutStrategy, evidence: Evidence, checked?: string): Judgement {
  if (strategy === 'blue-green') return judgeBlueGreen(evidence, checked)
  return judges[strategy](evidence)
}

const judges: Readonly<Record<Exclude<RolloutStrategy, 'blue-green'>, (evidence: Evidence) => Judgement>> = {
  shadow: judgeShadow,
  canary: judgeCanary,
  'a-b': judgeAB,
  'bandit-thompson': judgeThompson,
  'bandit-ucb': judgeUpper,
}
