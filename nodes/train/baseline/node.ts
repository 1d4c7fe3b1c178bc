import { z } from 'zod'
import { defineNode } from '#contract'
import { baselineVersion, inferBaseline, strategies } from './infer.ts'
import { baselineCard, baselineReport } from './report.ts'
import { trainBaseline } from './run.ts'

export default defineNode({
  type: 'train/baseline',
  version: baselineVersion,
  title: 'Baseline',
  doc: `Makes a model that needs no learning, so that a trained one has something to beat: the most frequent class, the class shares, the mean, or a rule of the business.

**Majority** always answers the most frequent class of the training rows with probability 1. **Prior** answers the shares of the classes, the best constant probabilities. **Mean** answers the mean of a numeric target. All three weigh rows by a column of role weight. Auto takes prior for text and boolean targets, mean for numbers.

**Rule** answers the positive class with probability 1 where a condition holds and 0 elsewhere. A rule joins comparisons \`column operator value\` with \`and\` and \`or\` (\`and\` binds tighter; parentheses help), with the operators \`= != < <= > >=\`, \`is missing\` and \`is present\`: \`income >= 30000 and (employment = permanent or years_at_job > 5)\`. Column names with spaces stand in [brackets], values with spaces in quotes, dates as 2026-11-21. A comparison with a missing cell never holds. The rule becomes part of the ONNX file and sees features only, never protected columns.

The idea of judging a classifier against such answers is Holte's (*Machine Learning* 11, 1993).`,
  keywords: ['dummy', 'majority', 'prior', 'mean', 'rule', 'naive', 'benchmark'],
  traits: ['baseline'],
  inputs: {
    table: {
      type: 'table',
      doc: 'Rows to take shares and means from; with a split column the training rows are used.',
    },
  },
  outputs: {
    model: { type: 'model', doc: 'The constant or rule as an ONNX file.' },
  },
  params: z.object({
    strategy: z.enum(strategies).default('auto').meta({
      title: 'Strategy',
      description: 'Auto takes prior for text and boolean targets, mean for numbers.',
    }),
    target: z.string().default('').meta({
      title: 'Target',
      description: 'The column to predict; empty takes the column of role target.',
      widget: 'column',
    }),
    rule: z
      .string()
      .default('')
      .meta({
        title: 'Rule',
        description: 'Where it holds, the positive class is predicted.',
        widget: 'code',
        placeholder: 'income >= 30000 and employment = permanent',
        when: { strategy: ['rule'] },
      }),
    positive: z
      .string()
      .default('')
      .meta({
        title: 'Positive class',
        description:
          'The class that counts as yes; empty takes yes, true, 1, approved or good, else the last in order.',
        when: { strategy: ['auto', 'majority', 'prior', 'rule'] },
        advanced: true,
      }),
  }),
  async infer({ inputs, params }) {
    return inferBaseline(inputs, params)
  },
  run: trainBaseline,
  card: ({ outputs }) => baselineCard(outputs.model),
  report: async ({ outputs }) => baselineReport(outputs.model),
})
