import { z } from 'zod'
import { shared } from '../learner-params.ts'

export const params = z.object({
  target: shared.target,
  kind: shared.kind,
  method: z.enum(['forest', 'extra-trees']).default('forest').meta({
    title: 'Method',
    description: 'A random forest takes the best threshold of each column it looks at, extra trees a random one.',
  }),
  trees: z.int().min(1).max(5_000).default(100).meta({ title: 'Trees', description: 'How many.', unit: 'trees' }),
  minLeaf: z.int().min(1).max(1_000_000).default(2).meta({
    title: 'Rows of a leaf',
    description: 'At least.',
    unit: 'rows',
  }),
  maxDepth: z.int().min(0).max(1_000).default(0).meta({
    title: 'Depth',
    description: 'Of a tree at most; 0 for no limit.',
  }),
  tryShare: z.number().min(0).max(1).default(0).meta({
    title: 'Columns looked at',
    description: 'Share in each node; 0 takes the square root of their number for classes, a third for numbers.',
    advanced: true,
  }),
  bootstrap: z.boolean().default(true).meta({
    title: 'Draw rows anew',
    description:
      'Each tree learns from rows drawn with replacement; the others judge it. Extra trees usually take all.',
    advanced: true,
  }),
  classWeight: shared.classWeight,
  positive: shared.positive,
  threshold: shared.threshold,
  folds: shared.folds,
})

export type ForestParams = z.output<typeof params>
export const forestVersion = 1
