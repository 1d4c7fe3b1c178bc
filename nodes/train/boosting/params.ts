import { z } from 'zod'
import { classSettings, foldSetting, shared } from '../learner-params.ts'

export const boostingParams = z.object({
  target: shared.target,
  objective: z.enum(['auto', 'logistic', 'squared', 'absolute', 'quantile', 'poisson']).default('auto').meta({
    title: 'Objective',
    description: 'Auto takes logistic (softmax for more than two classes) for text and booleans, squared for numbers.',
  }),
  quantile: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.5)
    .meta({ title: 'Quantile', description: 'The level to predict.', when: { objective: ['quantile'] } }),
  rounds: z.int().min(1).max(10_000).default(100).meta({
    title: 'Rounds',
    description: 'Trees at most, one a class where there are more than two.',
    unit: 'rounds',
  }),
  learningRate: z.number().min(0.001).max(1).default(0.1).meta({
    title: 'Learning rate',
    description: 'Share of each tree that is added.',
  }),
  leaves: z.int().min(2).max(1_024).default(31).meta({
    title: 'Leaves',
    description: 'Leaves of a tree at most.',
    unit: 'leaves',
  }),
  depth: z.int().min(0).max(64).default(0).meta({
    title: 'Depth',
    description: 'Splits on a branch at most; 0 for no limit.',
    advanced: true,
  }),
  minRows: z.int().min(1).max(1_000_000).default(20).meta({
    title: 'Rows in a leaf',
    description: 'Training rows in a leaf at least.',
    unit: 'rows',
  }),
  l2: z.number().min(0).max(1e6).default(0).meta({
    title: 'Shrinkage of leaves',
    description: 'Added to the denominator of every leaf.',
    advanced: true,
  }),
  growth: z.enum(['leaf', 'depth']).default('leaf').meta({
    title: 'Growth',
    description: 'The best leaf first, or level by level.',
    advanced: true,
  }),
  rowShare: z.number().min(0.05).max(1).default(1).meta({
    title: 'Share of rows',
    description: 'Rows drawn for each round.',
    advanced: true,
  }),
  columnShare: z.number().min(0.05).max(1).default(1).meta({
    title: 'Share of columns',
    description: 'Prepared columns drawn for each tree.',
    advanced: true,
  }),
  rising: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Rises with',
      description: 'Numbers with which the prediction, or the probability of the positive class, may only rise.',
      widget: 'columns',
      types: ['boolean', 'integer', 'number', 'date'],
    }),
  falling: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Falls with',
      description: 'Numbers with which it may only fall.',
      widget: 'columns',
      types: ['boolean', 'integer', 'number', 'date'],
    }),
  together: z.array(z.string()).default([]).meta({
    title: 'May interact',
    description: 'Only these columns may meet on a branch; every other one stands alone. Empty lets all meet.',
    widget: 'columns',
    advanced: true,
  }),
  patience: z.int().min(0).max(1_000).default(20).meta({
    title: 'Patience',
    description: 'Ends after so many rounds without gain on the validation rows; 0 for never.',
    unit: 'rounds',
  }),
  ...classSettings({ objective: ['auto', 'logistic'] }),
  folds: foldSetting(5),
})

export type BoostingParams = z.output<typeof boostingParams>

/** Of the node; what it makes carries it. */
export const boostingVersion = 1

/** Whether classes or numbers are predicted, in the words of the shared inference. */
export const kindOf = ({ objective }: BoostingParams): 'auto' | 'logistic' | 'ridge' =>
  objective === 'auto' || objective === 'logistic' ? objective : 'ridge'
