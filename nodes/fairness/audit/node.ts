import { z } from 'zod'
import { defineNode, type PortSchema, type Problem } from '#contract'
import { isProblem, targetColumn } from '#ml/roles'
import { inferJudgement } from '../../assess/infer-judgement.ts'
import { rowChoices } from '../../assess/judged-rows.ts'
import { attributeProblems } from './attributes.ts'
import { notClasses, unknownFavourable } from './audited-rows.ts'
import { auditCard, auditReport } from './report.ts'
import { type AuditParams, auditFairness } from './run.ts'

const reference = z.object({
  column: z.string().meta({ title: 'Column', widget: 'column' }),
  group: z.string().meta({ title: 'Reference group', description: 'The group that the others are compared with.' }),
})
const bins = z.object({
  column: z.string().meta({ title: 'Column', widget: 'column', types: ['integer', 'number', 'date'] }),
  edges: z.string().meta({ title: 'Edges', description: 'Where a new group begins: 30, 60.', placeholder: '30, 60' }),
})

function inferProblems(
  inputs: { readonly table: PortSchema; readonly model: PortSchema | undefined },
  params: AuditParams,
): Problem[] {
  const { table, model } = inputs
  const problems = table.columns ? attributeProblems(table.columns, params) : []
  if (!model) {
    const target = table.columns && targetColumn(table.columns, params.target)
    return target && isProblem(target) ? [...problems, target] : problems
  }
  if (model.purpose === 'regression') problems.push(notClasses(model.target ?? 'target'))
  if (params.favourable !== '' && model.classes && !model.classes.includes(params.favourable))
    problems.push(unknownFavourable(params.favourable, model.classes))
  return [...problems, ...inferJudgement([model], table)]
}

export default defineNode({
  type: 'fairness/audit',
  version: 1,
  title: 'Fairness audit',
  doc: `Compares how groups of people fare: by each protected column and where two of them meet, with an interval and the number of people behind every figure. With a model it judges the model's decisions, without one the labels in the data.

**Groups**: one a value of text and booleans; numbers and dates with more than twelve values are cut at the edges you give, else at the quartiles of the judged rows. Rows whose value is missing are a group of their own. A group with fewer than 30 rows, or fewer than five favourable or unfavourable ones to be expected, is marked too small; it counts only where its column has no other. The reference is the group you name, else the one with the highest rate among the large ones.

**Figures by group**: rate of the favourable outcome (Wilson's interval), its ratio to the reference (disparate impact; Katz's interval) for the four-fifths rule (29 CFR 1607.4 D), its difference (Newcombe's interval), true and false positive rate, precision, false omission rate, accuracy and calibration error over ten bins.
**Gaps**: statistical parity, equal opportunity, equalised odds (the worse of true and false positive rate), predictive parity and false omission are the largest difference between two groups, as in Fairlearn; average odds is aif360's, its largest size against the reference (Hardt, Price & Srebro, *NeurIPS* 2016; Chouldechova, *Big Data* 5, 2017). Their intervals don't correct for having picked the two groups.
**Single people**: Theil index and generalised entropy of the benefits 1 + decision − truth (Speicher et al., *KDD* 2018), and consistency with the five nearest people in the model's own prepared columns (Zemel et al., *ICML* 2013; a seeded sample of 2 000 rows when there are more).

A column of role weight weighs the rows; intervals then use the effective number of rows. The point estimate decides; an interval that reaches over the limit is said in words. Gates address the figures as fairness.ratio.COLUMN, fairness.parity.COLUMN, fairness.equal-opportunity.COLUMN, fairness.equalised-odds.COLUMN, fairness.average-odds.COLUMN, fairness.predictive-parity.COLUMN and so on, two columns joined by +; fairness.ratio without a column is the worst of the single columns.`,
  keywords: ['bias', 'disparate impact', 'four-fifths', 'parity', 'equal opportunity', 'odds', 'protected', 'groups'],
  inputs: {
    table: { type: 'table', doc: 'People with their protected columns and the true outcome; the test rows are used.' },
    model: { type: 'model', doc: 'The model to judge; without one the labels are judged.', optional: true },
  },
  outputs: {
    evaluation: { type: 'evaluation', doc: 'Figures by group and gaps between groups, with intervals.' },
  },
  params: z.object({
    protected: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Protected columns',
        description: 'Columns to compare groups by; none chosen takes those of role protected.',
        widget: 'columns',
        types: ['boolean', 'integer', 'number', 'text', 'date'],
      }),
    ratioLimit: z.number().min(0).max(1).default(0.8).meta({
      title: 'Lowest ratio',
      description: 'The four-fifths rule asks for 0.8.',
      widget: 'slider',
    }),
    rows: z.enum(rowChoices).default('test').meta({
      title: 'Rows',
      description: 'Which part of the split is judged; all rows when the table has no split.',
    }),
    intersections: z.boolean().default(true).meta({
      title: 'Where two columns meet',
      description: 'Also compares groups of every two protected columns, such as women over 60.',
    }),
    favourable: z.string().default('').meta({
      title: 'Favourable outcome',
      description:
        'The class that is good for people; empty takes the model’s positive class, else the one that says yes.',
      placeholder: 'from the model',
    }),
    references: z.array(reference).default([]).meta({
      title: 'Reference groups',
      description: 'Columns without a row here take the group with the highest rate.',
      widget: 'rows',
    }),
    bins: z.array(bins).default([]).meta({
      title: 'Groups of numbers',
      description: 'Numbers without a row here are cut at their quartiles.',
      widget: 'rows',
      advanced: true,
    }),
    target: z.string().default('').meta({
      title: 'Target',
      description: 'For an audit without a model: the column with the outcome; empty takes the one of role target.',
      widget: 'column',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const problems = inferProblems(inputs, params)
    return problems.length > 0 ? problems : { evaluation: { metrics: ['fairness.'] } }
  },
  run: auditFairness,
  card: ({ outputs }) => auditCard(outputs.evaluation),
  report: async ({ inputs, outputs }) => auditReport(outputs.evaluation, inputs.model, inputs.table.columns),
})
