import { fittedTrial, type TunableLearner } from '../tunable-learner.ts'
import { fitForest } from './fit-forest.ts'
import node from './node.ts'
import type { ForestParams } from './params.ts'

export const tunableForest: TunableLearner<ForestParams> = {
  node,
  space: {
    method: { kind: 'category', choices: ['forest', 'extra-trees'] },
    tryShare: { kind: 'number', low: 0.1, high: 1 },
    minLeaf: { kind: 'integer', low: 1, high: 64, log: true },
  },
  length: 'trees',
  common: (settings) => ({ ...settings }),
  fit: async (job) => fittedTrial(await fitForest({ ...job, part: true })),
}
