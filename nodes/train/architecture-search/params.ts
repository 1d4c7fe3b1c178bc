import { z } from 'zod'
import { params as network } from '../neural-network/params.ts'

export const params = z.object({
  ...network.pick({ target: true, kind: true, input: true, column: true }).shape,
  space: z.enum(['macro', 'micro']).default('macro').meta({
    title: 'Space',
    description: 'Macro searches a chain of layers; micro one cell of operations that is repeated.',
  }),
  blocks: z
    .int()
    .min(1)
    .max(6)
    .default(3)
    .meta({
      title: 'Longest chain',
      description: 'Blocks of a chain at most.',
      unit: 'blocks',
      when: { space: ['macro'] },
    }),
  strategy: z.enum(['grid', 'random', 'bayesian', 'evolution', 'reinforcement']).default('evolution').meta({
    title: 'Strategy',
    description:
      'How the next candidate is chosen: evenly over all combinations, at random, by a Parzen model, from the best of a small population, or by a policy that learns.',
  }),
  estimation: z.enum(['full', 'low-fidelity', 'curve', 'morphism']).default('low-fidelity').meta({
    title: 'Estimation',
    description:
      'Full trains each to the end; low fidelity a little, the best in full; curve stops what is surely going nowhere; morphism grows the best and hands down their weights.',
  }),
  trials: z.int().min(1).max(2_000).default(24).meta({
    title: 'Candidates',
    description: 'How many networks are trained.',
    unit: 'networks',
  }),
  epochs: z.int().min(1).max(1_000).default(12).meta({
    title: 'Epochs',
    description: 'Times through the training rows of a full training.',
    unit: 'epochs',
  }),
  fidelity: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.25)
    .meta({
      title: 'Fidelity',
      description: 'Share of the epochs, and of the rows, that a short training spends.',
      when: { estimation: ['low-fidelity', 'morphism'] },
    }),
  smaller: z
    .boolean()
    .default(false)
    .meta({
      title: 'Smaller pictures',
      description: 'Short trainings see pictures at half their height and width, which takes a quarter of the time.',
      when: { estimation: ['low-fidelity'] },
      advanced: true,
    }),
  finalists: z
    .int()
    .min(1)
    .max(50)
    .default(3)
    .meta({
      title: 'Finalists',
      description: 'How many of the best are trained in full at the end.',
      unit: 'networks',
      when: { estimation: ['low-fidelity'] },
    }),
  mostKilobytes: z.number().min(0).max(1e6).default(500).meta({
    title: 'Largest size',
    description: 'Of the learned values; larger candidates are not trained. 0 for no limit.',
    unit: 'kB',
  }),
  mostMultiplyAdds: z.number().min(0).max(1e6).default(0).meta({
    title: 'Most work a row',
    description:
      'Multiplications a prediction needs, which decide how long it takes; candidates with more are not trained. 0 for no limit.',
    unit: 'million',
  }),
  latency: z.enum(['counted', 'measured']).default('counted').meta({
    title: 'Latency',
    description:
      'Counted in multiplications, which are the same on every machine; or measured in milliseconds on this one, each candidate before its training. Then another run may find another network.',
  }),
  mostMilliseconds: z
    .number()
    .min(0)
    .max(1e5)
    .default(0)
    .meta({
      title: 'Longest time a row',
      description:
        'Measured here, preparation included, 95th percentile; slower candidates are not trained. 0 for no limit.',
      unit: 'ms',
      when: { latency: ['measured'] },
    }),
  preferSmall: z.number().min(0).max(1).default(0).meta({
    title: 'Prefer small and fast',
    description:
      'Exponent by which a candidate’s score falls as it nears half its limits; 0 lets the score be the quality alone, 0.07 is the paper’s.',
    advanced: true,
  }),
  ...network.pick({
    batch: true,
    heldOut: true,
    classWeight: true,
    positive: true,
    threshold: true,
    device: true,
    mostWords: true,
    places: true,
  }).shape,
  learningRate: network.shape.learningRate.default(0.005).meta({
    title: 'Learning rate',
    description: 'Of the first epoch; it falls to 0 along half a cosine, but where curves are forecast.',
  }),
})

export type SearchParams = z.output<typeof params>

/** Epochs without a better validation loss after which a candidate ends. */
export const patience = 5

/** Of the learning rate. Forecasts of curves do not foresee what a falling one brings at the end. */
export const scheduleOf = (estimation: SearchParams['estimation']): 'constant' | 'cosine' =>
  estimation === 'curve' ? 'constant' : 'cosine'
