import type { Dimension } from '#ml/search/space'
import { settingText } from '#report/parallel-layout'
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

/** The usual ranges of every learner in words, for the node's page. */
export const usualRanges = learnerNames
  .map((name) => {
    const { node, space, length } = learners[name]
    const ranges = Object.entries(space).map(([parameter, dimension]) => `\`${parameter}\` ${rangeText(dimension)}`)
    return `- ${node.title}: ${ranges.join('; ')}. A short trial has fewer ${length ?? 'rows'}.`
  })
  .join('\n')

export function rangeText(dimension: Dimension): string {
  if (dimension.kind === 'category') return dimension.choices.join(' or ')
  const { low, high, log } = dimension
  return `${settingText(low)} to ${settingText(high)}${log ? ' (log)' : ''}`
}
