import { z } from 'zod'
import { shared } from '../learner-params.ts'
import { learnerNames } from './learners.ts'

/** Strategies whose trials begin short, and of which some go on. */
export const rungs = ['halving', 'hyperband', 'asha']
const range = z.object({
  parameter: z.string().default('').meta({
    title: 'Parameter',
    description: 'Its name in the learner’s parameters.',
    placeholder: 'learningRate',
  }),
  from: z.number().default(0).meta({ title: 'From', description: 'The lowest value.' }),
  to: z.number().default(1).meta({ title: 'To', description: 'The highest value.' }),
  log: z.boolean().default(false).meta({ title: 'Log', description: 'Evenly over orders of magnitude.' }),
  choices: z.string().default('').meta({
    title: 'Choices',
    description: 'Values with commas between them, in place of a range; a single one holds the parameter there.',
    placeholder: '16, 32, 64',
  }),
})

export const params = z.object({
  learner: z.enum(learnerNames).default('boosting').meta({
    title: 'Learner',
    description: 'What is tuned.',
  }),
  target: shared.target,
  kind: shared.kind,
  strategy: z
    .enum(['random', 'grid', 'sobol', 'tpe', 'gaussian', 'evolution', 'halving', 'hyperband', 'asha'])
    .default('tpe')
    .meta({
      title: 'Strategy',
      description:
        'At random, every combination, evenly (Sobol), Bayesian (TPE or a Gaussian process), evolution; or many short trials of which the best go on from where they were (halving, Hyperband, ASHA).',
    }),
  trials: z
    .int()
    .min(1)
    .max(2_000)
    .default(20)
    .meta({
      title: 'Trials',
      description: 'How many settings are tried; of halving, how many begin; of Hyperband, up to whole passes.',
      unit: 'trials',
      when: { strategy: ['random', 'sobol', 'tpe', 'gaussian', 'evolution', 'halving', 'hyperband', 'asha'] },
    }),
  points: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .meta({
      title: 'Points of a range',
      description: 'Values of each number, both ends among them; every combination is tried.',
      unit: 'values',
      when: { strategy: ['grid'] },
    }),
  shortest: z
    .number()
    .min(0.01)
    .max(1)
    .default(0.1)
    .meta({
      title: 'Shortest trial',
      description:
        'Share of the rounds, trees or epochs (of the rows for a linear model or a tree) that a trial begins with.',
      when: { strategy: rungs },
    }),
  factor: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .meta({
      title: 'One in so many goes on',
      description: 'With as many times the length.',
      when: { strategy: rungs },
      advanced: true,
    }),
  minutes: z.number().min(0).max(100_000).default(0).meta({
    title: 'Time limit',
    description:
      'No trial but the first begins later; 0 for none. With a limit the result depends on how fast the machine is.',
    unit: 'min',
  }),
  metric: z
    .enum([
      'auto',
      'roc_auc',
      'average_precision',
      'log_loss',
      'brier',
      'accuracy',
      'balanced_accuracy',
      'f_beta',
      'precision',
      'recall',
      'mcc',
      'r2',
      'rmse',
      'mae',
      'mape',
    ])
    .default('auto')
    .meta({ title: 'Metric', description: 'What is made best. Auto takes ROC AUC for classes and R² for numbers.' }),
  second: z.enum(['none', 'size', 'work']).default('none').meta({
    title: 'Second goal',
    description:
      'Makes the model small, or quick: work counts the comparisons or multiplications of a prediction, which are the same on every machine.',
  }),
  giveUp: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .meta({
      title: 'To give up for it',
      description: 'Share of the best metric that the winner may be worse by; the cheapest of those wins.',
      when: { second: ['size', 'work'] },
    }),
  judgeBy: z.enum(['auto', 'validation', 'folds']).default('auto').meta({
    title: 'Judged by',
    description:
      'The validation rows, or folds of the training rows; auto takes validation rows where there are some. Never the test rows.',
  }),
  folds: z
    .literal([3, 5, 10])
    .default(5)
    .meta({
      title: 'Folds',
      description: 'Each trial is fitted so many times.',
      unit: 'folds',
      when: { judgeBy: ['auto', 'folds'] },
    }),
  space: z.array(range).max(50).default([]).meta({
    title: 'Ranges',
    description: 'Each changes the learner’s own range of a parameter, or adds one.',
    widget: 'rows',
  }),
  onlyThese: z.boolean().default(false).meta({
    title: 'Search only these',
    description: 'What is not among the ranges above stays as the learner has it.',
    advanced: true,
  }),
  settings: z.string().default('').meta({
    title: 'Other settings',
    description: 'Parameters of the learner that stay fixed, as JSON.',
    widget: 'code',
    placeholder: '{ "rising": ["income"] }',
    advanced: true,
  }),
  classWeight: shared.classWeight,
  positive: shared.positive,
  threshold: shared.threshold,
  sideBySide: z.int().min(1).max(64).default(4).meta({
    title: 'Trials at a time',
    description: 'Asked for before earlier ones are known. The result depends on it, not on the number of threads.',
    unit: 'trials',
    advanced: true,
  }),
})

export type TuneParams = z.output<typeof params>
export const tuneVersion = 1
