import type { TunableLearner } from '../tunable-learner.ts'
import { fitNetwork } from './fit-network.ts'
import { isPlan, planNetwork } from './infer.ts'
import node from './node.ts'
import type { NetworkParams } from './params.ts'

export const tunableNetwork: TunableLearner<NetworkParams> = {
  node,
  space: {
    learningRate: { kind: 'number', low: 1e-4, high: 0.03, log: true },
    batch: { kind: 'category', choices: [16, 32, 64, 128, 256] },
    weightDecay: { kind: 'number', low: 1e-6, high: 0.1, log: true },
    design: { kind: 'category', choices: ['small', 'large'] },
  },
  settings: { optimizer: 'adamw' },
  length: 'epochs',
  common: (settings) => ({ ...settings }),
  features(columns, params) {
    const plan = planNetwork(columns, params, undefined)
    return isPlan(plan) ? plan.features : plan
  },
  fit: fitNetwork,
}
