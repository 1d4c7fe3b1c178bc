import { z } from 'zod'
import { featureScores } from '#ml/select/score-feature'
import { shared } from '../../train/learner-params.ts'

const funnel = { funnel: [true] }
const scored = { method: ['k-best', 'percentile'] }

export const params = z.object({
  target: shared.target,
  kind: shared.kind,
  always: z.array(z.string()).default([]).meta({
    title: 'Always keep',
    description: 'Features that no step discards.',
    widget: 'columns',
  }),
  consult: z.boolean().default(true).meta({
    title: 'Reviewers bring back',
    description:
      'A feature that a reviewer of this pipeline’s report wants to keep comes back on the next run, and the step says who asked.',
  }),
  funnel: z.boolean().default(true).meta({
    title: 'Funnel',
    description: 'The five steps that need no ranking, before the method; off takes the method alone.',
  }),
  mostMissing: z.number().min(0).max(1).default(0.6).meta({
    title: 'Most missing',
    description: 'A feature with a larger share of missing cells goes; 1 leaves the step out.',
    widget: 'slider',
    when: funnel,
  }),
  nearZero: z.boolean().default(true).meta({
    title: 'Near-zero variance',
    description: 'A feature with nearly always the same value goes.',
    when: funnel,
  }),
  frequencyCut: z.number().min(1).max(100_000).default(19).meta({
    title: 'Most frequent over second',
    description:
      'Of near-zero variance: the most frequent value is more than this many times as frequent as the second.',
    when: funnel,
    advanced: true,
  }),
  distinctCut: z.number().min(0).max(100).default(10).meta({
    title: 'Different values',
    description: 'Of near-zero variance: at most this many different values a hundred rows.',
    when: funnel,
    advanced: true,
  }),
  tellingAlpha: z.number().min(0).max(0.5).default(0.001).meta({
    title: 'Rare but telling',
    description:
      'A nearly constant feature stays where an analysis of variance of it and the target has at most this chance; 0 spares none.',
    when: funnel,
    advanced: true,
  }),
  numberTwins: z.number().min(0).max(1).default(0.95).meta({
    title: 'Twins among numbers',
    description:
      'Of two numbers with at least this absolute Pearson correlation, the one that tells less of the target goes; 0 leaves the step out.',
    widget: 'slider',
    when: funnel,
  }),
  categoryTwins: z.number().min(0).max(1).default(0.95).meta({
    title: 'Twins among categories',
    description:
      'Of two texts with at least this Cramér’s V, beyond chance by a chi-square test, the one that tells less goes; 0 leaves the step out.',
    widget: 'slider',
    when: funnel,
  }),
  alpha: z.number().gt(0).max(0.5).default(0.05).meta({
    title: 'Chance of category twins',
    description: 'The largest p-value of the chi-square test between twins.',
    when: funnel,
    advanced: true,
  }),
  leastImportance: z.number().min(0).max(10).default(0.1).meta({
    title: 'Least importance',
    description: 'A feature with less than this share of the mean importance in a forest goes; 0 leaves the step out.',
    when: funnel,
  }),
  method: z.enum(['none', 'k-best', 'percentile', 'elimination', 'boruta']).default('none').meta({
    title: 'Method',
    description:
      'After the funnel: the best so many, the best share, recursive elimination by a forest, or Boruta (all that beat shuffled copies of themselves).',
  }),
  score: z.enum(featureScores).default('anova').meta({
    title: 'Score',
    description:
      'How much one feature tells of the target: the F of an analysis of variance, scikit-learn’s chi-square of counts, mutual information, or a Bregman divergence between its distributions in the classes.',
    when: scored,
  }),
  keep: z
    .int()
    .min(1)
    .max(100_000)
    .default(10)
    .meta({
      title: 'Keep',
      description: 'How many stay.',
      unit: 'features',
      when: { method: ['k-best', 'elimination'] },
    }),
  share: z
    .number()
    .gt(0)
    .max(100)
    .default(50)
    .meta({ title: 'Keep the best', description: 'Of the features.', unit: '%', when: { method: ['percentile'] } }),
  step: z
    .number()
    .gt(0)
    .max(1000)
    .default(1)
    .meta({
      title: 'A round',
      description: 'Features dropped at once, or below 1 that share of all.',
      when: { method: ['elimination'] },
      advanced: true,
    }),
  runs: z
    .int()
    .min(10)
    .max(1000)
    .default(100)
    .meta({ title: 'Runs', description: 'At most this many forests.', when: { method: ['boruta'] } }),
  level: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.01)
    .meta({
      title: 'Level',
      description: 'Chance of a wrong verdict, corrected for the number of features.',
      when: { method: ['boruta'] },
      advanced: true,
    }),
  undecided: z
    .enum(['keep', 'discard'])
    .default('keep')
    .meta({
      title: 'Undecided features',
      description: 'What happens to features that are neither confirmed nor rejected after all runs.',
      when: { method: ['boruta'] },
    }),
  trees: z.int().min(10).max(2000).default(100).meta({
    title: 'Trees',
    description: 'Of every forest that weighs features.',
    advanced: true,
  }),
  forestRows: z.int().min(100).max(10_000_000).default(20_000).meta({
    title: 'Rows a forest sees',
    description: 'Of more training rows it sees as many, drawn at random.',
    unit: 'rows',
    advanced: true,
  }),
})
export type SelectParams = (typeof params)['_output']
