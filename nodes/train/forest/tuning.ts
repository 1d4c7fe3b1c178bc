import type { Forest } from '#ml/trees/forest'
import { packState, unpackState } from '../pack-state.ts'
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
  async fit({ from, until, params, ...job }) {
    const learned = await fitForest({
      ...job,
      params: { ...params, trees: until ?? params.trees },
      part: true,
      from: from && (unpackState(from) as Forest),
    })
    return { ...fittedTrial(learned), state: () => packState(learned.forest) }
  },
}
