import { z } from 'zod'
import { defineNode } from '#contract'
import { splitColumns } from './columns.ts'
import { splitCard, splitReport } from './report.ts'
import { splitTable } from './run.ts'

const parts = { method: ['random', 'stratified', 'hash', 'time', 'grouped'] }
const share = (name: string) => ({
  title: `${name} share`,
  description: 'Shares are weighed against each other: 60, 20, 20 and 0.6, 0.2, 0.2 mean the same.',
  when: parts,
})

export default defineNode({
  type: 'data/split',
  version: 1,
  title: 'Split',
  doc: `Marks every row as train, validation or test, or with the number of a fold, in a column of role split. The whole table flows on; learners fit on the training rows and judges look at the test rows.

**Random** draws rows under the pipeline's seed. **Stratified** does so within each value of the target (numeric targets in tenths), so that the parts have the same share of each. **Hash** decides by a key alone (MurmurHash3, Appleby 2011): a row keeps its part when data are added. **Time** trains on the earliest rows and tests on the latest; rows of one moment stay together. **Grouped** keeps all rows of a group in one part. **Existing** takes a column that already says train, validation and test.`,
  keywords: ['train', 'test', 'validation', 'holdout', 'cross-validation', 'folds', 'stratified', 'sample'],
  traits: ['splits'],
  inputs: { table: { type: 'table', doc: 'The rows to divide.' } },
  outputs: { table: { type: 'table', doc: 'The same rows with a column of role split.' } },
  params: z.object({
    method: z.enum(['random', 'stratified', 'hash', 'time', 'grouped', 'existing']).default('stratified').meta({
      title: 'Method',
      description: 'How rows are assigned.',
    }),
    train: z.number().min(0).default(0.6).meta(share('Train')),
    validation: z.number().min(0).default(0.2).meta(share('Validation')),
    test: z.number().min(0).default(0.2).meta(share('Test')),
    folds: z.int().min(0).max(100).default(0).meta({
      title: 'Folds',
      description: 'With two or more, rows get a fold from 1 instead of a part; shares then don’t count.',
      unit: 'folds',
      when: parts,
      advanced: true,
    }),
    by: z
      .string()
      .default('')
      .meta({
        title: 'Column',
        description:
          'Stratified: the target when empty. Hash: the identifier. Time: the column of role time. Grouped and existing: choose one.',
        widget: 'column',
        when: { method: ['stratified', 'hash', 'time', 'grouped', 'existing'] },
      }),
    name: z.string().min(1).default('split').meta({
      title: 'Name of the new column',
      description: 'A column of this name is replaced.',
      when: parts,
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const { columns, rows } = inputs.table
    if (columns === undefined) return { table: {} }
    const planned = splitColumns(columns, params)
    if (!planned.ok) return planned.problems
    return { table: rows === undefined ? { columns: planned.columns } : { columns: planned.columns, rows } }
  },
  run: splitTable,
  card: ({ params }) => splitCard(params),
  report: async ({ outputs, context }) => splitReport(outputs.table, context),
})
