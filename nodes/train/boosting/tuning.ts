import type { BoostingState } from '#ml/trees/boost'
import { packState, unpackState } from '../pack-state.ts'
import { fittedTrial, type TunableLearner } from '../tunable-learner.ts'
import { fitBoosting } from './fit-boosting.ts'
import node from './node.ts'
import type { BoostingParams } from './params.ts'

const objectives = { auto: 'auto', classes: 'logistic', numbers: 'squared' } as const

export const tunableBoosting: TunableLearner<BoostingParams> = {
  node,
  space: {
    rounds: { kind: 'integer', low: 25, high: 400, log: true },
    learningRate: { kind: 'number', low: 0.02, high: 0.3, log: true },
    leaves: { kind: 'integer', low: 4, high: 128, log: true },
    minRows: { kind: 'integer', low: 3, high: 100, log: true },
    l2: { kind: 'number', low: 1e-3, high: 30, log: true },
    rowShare: { kind: 'number', low: 0.5, high: 1 },
    columnShare: { kind: 'number', low: 0.3, high: 1 },
  },
  afterFolds: { patience: 0 },
  length: 'rounds',
  common: ({ kind, ...settings }) => ({ ...settings, objective: objectives[kind] }),
  async fit({ from, ...job }) {
    const learned = await fitBoosting({
      ...job,
      from: from && plainTrees(unpackState(from) as BoostingState),
      afterRound: () => {
        job.context.signal.throwIfAborted()
        return false
      },
    })
    return { ...fittedTrial(learned), state: () => packState(learned.state) }
  },
}

/** Nodes that split on a number have no set of categories. */
const plainTrees = (state: BoostingState): BoostingState => ({
  ...state,
  trees: state.trees.map((tree) => ({
    ...tree,
    ...(tree.categories && { categories: tree.categories.map((set) => set ?? undefined) }),
  })),
})
