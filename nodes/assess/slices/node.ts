import { z } from 'zod'
import { defineNode } from '#contract'
import { inferJudgement } from '../infer-judgement.ts'
import { rowChoices } from '../judged-rows.ts'
import { givenSlices, sliceComplaints } from './given-slices.ts'
import { slicesCard, slicesReport } from './report.ts'
import { evaluateSlices } from './run.ts'
import { sliceColumns } from './slices-table.ts'
import { corrections } from './worst-slices.ts'

export default defineNode({
  type: 'assess/slices',
  version: 1,
  title: 'Slices',
  doc: `Looks for groups of rows in which a model does worse than elsewhere: the slices you name, and every value of every column, protected columns included.

For each slice it gives the four fractions of error analysis by tag: the share of all errors that carry the tag, the share of the tag that is misclassified (with Wilson's interval), the share of the data that carries it, and the room for improvement, which is what overall accuracy would gain if the slice were as good as the rows outside it (after Ng, *Data-centric AI*, 2021). Numbers and dates with more than twelve values are cut at their quartiles, text at its most frequent values; missing cells are a slice of their own.

For a numeric target a row counts as an error when its absolute error is among the largest tenth, and the metric is the mean absolute error.

Slices are ordered by the lower end of the interval of their error rate, so that a handful of unlucky rows does not lead the list; slices under the smallest size come last and are marked. With many slices some look bad by chance: the interval is for one slice alone.

The search for the worst slices joins conditions on several columns and asks of each slice whether it is worse than the rows outside it by more than chance: Fisher's exact test for errors, Welch's for sizes, one-sided, corrected for every slice that was tried (Holm, or Benjamini and Hochberg), after Chung et al., *Slice Finder*, 2019. A slice within a wider one that is at least as bad is not listed. Slices found are marked with their corrected chance. On request every pair of columns is listed too, beyond chance or not. The table has a row for each slice. Weights are not used: these are counts of rows.`,
  keywords: ['error analysis', 'subgroups', 'segments', 'worst slice', 'tags'],
  traits: ['judges-slices'],
  inputs: {
    model: { type: 'model', doc: 'The model to judge.' },
    table: { type: 'table', doc: 'Rows with the true target; with a split column the test rows are used.' },
  },
  outputs: {
    evaluation: { type: 'evaluation', doc: 'The slices with their four fractions; of many the worst 400.' },
    slices: { type: 'table', doc: 'A row a slice, worst first: rows, errors, the four fractions, metric, chance.' },
  },
  params: z.object({
    rows: z.enum(rowChoices).default('test').meta({
      title: 'Rows',
      description: 'Which part of the split is judged; all rows when the table has no split.',
    }),
    given: givenSlices.default([]).meta({
      title: 'Your slices',
      description: 'Rows with the same name belong together: all their conditions must hold.',
      widget: 'rows',
    }),
    everyColumn: z.boolean().default(true).meta({
      title: 'Slice by every column',
      description: 'Also protected columns and those the model does not use.',
    }),
    columns: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Only these columns',
        description:
          'None chosen takes all features and protected columns; name one here to slice by it whatever its role.',
        widget: 'columns',
        when: { everyColumn: [true] },
      }),
    pairs: z
      .boolean()
      .default(false)
      .meta({
        title: 'Every pair of columns',
        description: 'Lists all slices of two columns that are not too small, beyond chance or not.',
        when: { everyColumn: [true] },
      }),
    together: z.int().min(0).max(3).default(2).meta({
      title: 'Conditions together',
      description: 'Searches slices of up to this many columns for those worse beyond chance; 0 does not search.',
    }),
    correction: z.enum(corrections).default('holm').meta({
      title: 'Correction',
      description:
        'Holm: any false find at all has at most this chance. Benjamini-Hochberg: at most this share of the finds is false.',
      advanced: true,
    }),
    level: z.number().gt(0).max(0.5).default(0.05).meta({
      title: 'Level',
      description: 'How unlikely a slice must be, after correction, to count as found.',
      advanced: true,
    }),
    smallBelow: z.int().min(1).max(100_000).default(30).meta({
      title: 'Too small below',
      description: 'Slices with fewer rows are marked and never named as the worst.',
      unit: 'rows',
    }),
  }),
  async infer({ inputs, params }) {
    const problems = [
      ...inferJudgement([inputs.model], inputs.table),
      ...(inputs.table.columns ? sliceComplaints(params.given, inputs.table.columns) : []),
    ]
    return problems.length > 0 ? problems : { evaluation: { metrics: ['slices.'] }, slices: { columns: sliceColumns } }
  },
  run: evaluateSlices,
  card: ({ outputs }) => slicesCard(outputs.evaluation),
  report: async ({ inputs, outputs }) => slicesReport(outputs.evaluation, inputs.table.columns),
})
