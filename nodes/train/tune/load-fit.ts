import type { TunableLearner } from '../tunable-learner.ts'
import type { LearnerName } from './learners.ts'

type Fit = TunableLearner['fit']

/** A thread loads the one learner it fits, which halves its start. */
const loads: Readonly<Record<LearnerName, () => Promise<unknown>>> = {
  linear: async () => (await import('../linear/tuning.ts')).tunableLinear.fit,
  tree: async () => (await import('../tree/tuning.ts')).tunableTree.fit,
  forest: async () => (await import('../forest/tuning.ts')).tunableForest.fit,
  boosting: async () => (await import('../boosting/tuning.ts')).tunableBoosting.fit,
  'neural-network': async () => (await import('../neural-network/tuning.ts')).tunableNetwork.fit,
}

export const loadFit = async (name: LearnerName): Promise<Fit> => (await loads[name]()) as Fit
