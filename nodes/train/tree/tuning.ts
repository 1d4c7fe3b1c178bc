import { fittedTrial, type TunableLearner } from '../tunable-learner.ts'
import node from './node.ts'
import type { TreeParams } from './params.ts'
import { fitTree } from './run.ts'

/** The cost of a leaf is searched like the rest, in place of five folds more in each trial. */
export const tunableTree: TunableLearner<TreeParams> = {
  node,
  space: {
    maxDepth: { kind: 'integer', low: 2, high: 20 },
    minLeaf: { kind: 'integer', low: 1, high: 200, log: true },
    cost: { kind: 'number', low: 1e-5, high: 0.02, log: true },
  },
  settings: { pruning: 'fixed' },
  common: (settings) => ({ ...settings }),
  fit: async (job) => fittedTrial(await fitTree(job)),
}
