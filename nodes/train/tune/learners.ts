import { tunableBoosting } from '../boosting/tuning.ts'
import { tunableForest } from '../forest/tuning.ts'
import { tunableLinear } from '../linear/tuning.ts'
import { tunableNetwork } from '../neural-network/tuning.ts'
import { tunableTree } from '../tree/tuning.ts'
import type { TunableLearner } from '../tunable-learner.ts'

export const learnerNames = ['linear', 'tree', 'forest', 'boosting', 'neural-network'] as const
export type LearnerName = (typeof learnerNames)[number]

/** Every learner that can be tuned. Parameters are checked by the learner’s own schema before they get here. */
export const learners = {
  linear: tunableLinear,
  tree: tunableTree,
  forest: tunableForest,
  boosting: tunableBoosting,
  'neural-network': tunableNetwork,
} as unknown as Readonly<Record<LearnerName, TunableLearner>>
