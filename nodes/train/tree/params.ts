import { z } from 'zod'
import { shared } from '../learner-params.ts'

export const params = z.object({
  target: shared.target,
  kind: shared.kind,
  maxDepth: z.int().min(0).max(100).default(6).meta({ title: 'Depth', description: 'At most; 0 for no limit.' }),
  minLeaf: z.int().min(1).max(1_000_000).default(10).meta({
    title: 'Rows of a leaf',
    description: 'At least.',
    unit: 'rows',
  }),
  pruning: z.enum(['cross-validated', 'fixed', 'none']).default('cross-validated').meta({
    title: 'Pruning',
    description:
      'Cross-validated takes the smallest tree within one standard error of the best of five folds; fixed takes the cost below.',
  }),
  cost: z
    .number()
    .min(0)
    .max(1)
    .default(0.001)
    .meta({
      title: 'Cost of a leaf',
      description: 'Impurity that each leaf must pay for (ccp_alpha).',
      when: { pruning: ['fixed'] },
    }),
  classWeight: shared.classWeight,
  positive: shared.positive,
  threshold: shared.threshold,
  folds: shared.folds,
})

export type TreeParams = z.output<typeof params>
export const treeVersion = 1
