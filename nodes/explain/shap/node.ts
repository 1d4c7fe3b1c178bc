import { z } from 'zod'
import { defineNode, type PortSchema, type Problem } from '#contract'
import { rowChoices } from '../../assess/judged-rows.ts'
import { shapCard, shapReport } from './report.ts'
import { explainModel } from './run.ts'

function modelProblems(model: PortSchema, table: PortSchema): Problem[] {
  if (model.purpose === 'preparation' || model.purpose === 'multiclass')
    return [
      {
        code: 'not-supported',
        message:
          model.purpose === 'preparation'
            ? 'The model at the input is a preparation and predicts nothing.'
            : 'The model tells more than two classes apart; this node explains two classes or a number.',
        path: ['inputs', 'model'],
        fix: 'Connect a model of two classes or of a number',
      },
    ]
  const names = new Set(table.columns?.map(({ name }) => name))
  const missing = table.columns ? (model.features ?? []).filter(({ name }) => !names.has(name)) : []
  if (missing.length === 0) return []
  const listed = missing.map(({ name }) => name)
  return [
    {
      code: 'column-unknown',
      message: `The table does not have ${listed.slice(0, 5).join(', ')}, which the model needs.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table with the columns the model was trained on',
      columns: listed.slice(0, 20),
    },
  ]
}

export default defineNode({
  type: 'explain/shap',
  version: 1,
  title: 'SHAP',
  doc: `Says how much each feature pushed each prediction up or down, for everybody and for one person: the exact Shapley values of a linear model or of trees.

In a linear model, a feature's contribution is its weight times the distance of its prepared value from the mean of the training rows (all rows without a split), the interventional Shapley value with features taken as independent (Lundberg & Lee, *NeurIPS* 2017, corollary 1). In trees it is the path-dependent Shapley value (Lundberg, Erion & Lee 2018, arXiv 1802.03888): a feature that is not known follows both branches of a split, weighed by the training rows that took them. The prepared columns of one raw column, such as the levels of a text and the mark of a missing number, are added up into that column. Base and contributions add up to the score of the served file, on the log-odds of the positive class (forests and single trees: its probability) or in the target's own unit; the node refuses to give an explanation that does not.

Importance is the mean absolute contribution. Higher helps or hurts is the sign of the correlation between a feature's known values and its contributions; text has no order and is mixed. The person shown is, unless named, the one nearest to the limit who does not get the positive class, from the protected group that misses it most often; beside them stand the 50 people outside that group whose prepared data are nearest (not for trees, whose columns have no common scale). For numbers it is the person with the middle prediction.

Explains linear models, boosted trees, forests and single trees of two classes or of a number; not Poisson objectives, more than two classes or networks.`,
  keywords: ['shapley', 'explanation', 'importance', 'attribution', 'reasons', 'contributions', 'drivers'],
  inputs: {
    model: { type: 'model', doc: 'The linear model or model of trees to explain.' },
    table: { type: 'table', doc: 'People to explain it on; with a split column the test rows are used.' },
  },
  outputs: {
    explanation: { type: 'explanation', doc: 'Importance and direction of every feature, and one person.' },
  },
  params: z.object({
    rows: z.enum(rowChoices).default('test').meta({
      title: 'Rows',
      description: 'Which part of the split is explained; all rows when the table has no split.',
    }),
    who: z.enum(['refused', 'named', 'none']).default('refused').meta({
      title: 'One person',
      description: 'Refused takes the person nearest to the limit from the worst-off protected group.',
    }),
    person: z
      .string()
      .default('')
      .meta({
        title: 'Person',
        description: 'A value of the column of role id, or a row number counted from 1.',
        placeholder: 'A00017',
        when: { who: ['named'] },
      }),
    mostRows: z.int().min(1).max(1_000_000).default(10_000).meta({
      title: 'At most',
      description: 'Larger tables are explained on a seeded sample of their rows.',
      unit: 'rows',
      advanced: true,
    }),
    mostTreeRows: z.int().min(1).max(1_000_000).default(1_000).meta({
      title: 'At most, for trees',
      description: 'Deep forests take about five milliseconds a row, so trees are explained on a smaller sample.',
      unit: 'rows',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const problems = modelProblems(inputs.model, inputs.table)
    if (params.who === 'named' && params.person.trim() === '')
      problems.push({
        code: 'parameter-bad',
        message: 'No person is named.',
        path: ['params', 'person'],
        fix: 'Write an id or a row number, or let the node choose',
      })
    return problems.length > 0 ? problems : { explanation: {} }
  },
  run: explainModel,
  card: ({ outputs }) => shapCard(outputs.explanation),
  report: async ({ inputs, outputs }) => shapReport(outputs.explanation, inputs.model),
})
