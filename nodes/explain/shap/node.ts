import { z } from 'zod'
import { defineNode, type PortSchema, type Problem } from '#contract'
import { rowChoices } from '../../assess/judged-rows.ts'
import { shapCard, shapReport } from './report.ts'
import { explainModel } from './run.ts'
import { methodChoices } from './shap-method.ts'
import { wayDefaults } from './way.ts'

function modelProblems(model: PortSchema, table: PortSchema): Problem[] {
  if (model.purpose === 'preparation')
    return [
      {
        code: 'not-supported',
        message: 'The model at the input is a preparation and predicts nothing.',
        path: ['inputs', 'model'],
        fix: 'Connect the model of a train node',
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
  doc: `Says how much each feature pushed each prediction up or down, for everybody and for one person, by the method that is exact for the model or nearest to it.

**Linear** (picked for linear models): a feature's contribution is its weight times the distance of its prepared value from the mean of the training rows, the interventional Shapley value with features taken as independent (Lundberg & Lee, *NeurIPS* 2017, corollary 1). **Tree, path-dependent** (picked for trees): a feature that is not known follows both branches of a split, weighed by the training rows that took them (Lundberg, Erion & Lee 2018, arXiv 1802.03888). **Tree, interventional**: it is taken from background rows instead (Lundberg et al. 2020, *Nature Machine Intelligence* 2:56). **Expected gradients** (picked for networks): the mean slope of the network on the straight way from every background row (Erion et al. 2021, *Nature Machine Intelligence* 3:620), by Gauss-Legendre points; a category's vector is one player. Words are differentiated by their vectors, on the way from the text without words. Of a quantized network the slope is that of its rounded weights, with the rounding between layers taken as none (Bengio, Léonard & Courville 2013, arXiv 1308.3432). Where gradients that were picked miss what the model says by more than two hundredths, permutation or partition takes their place. **Kernel** (picked for other models of few columns, where all coalitions are scored): weighted least squares over coalitions. **Permutation** (picked for the others): columns join in random orders and leave again. **Partition**: Owen values down a tree of columns that go together. The last four compare with background rows; the sampled ones carry standard errors of what was drawn, not of the choice of rows and background.

The prepared columns of one raw column, such as the levels of a text and the mark of a missing number, are added up into that column. Base and contributions add up to the score of the served file on the scale that is named: log-odds of the positive class, a class's margin before softmax, a probability (forests, single trees, sampled methods), the target's own unit, or its logarithm (Poisson). The largest difference is measured and told; exact methods that do not add up to 10⁻⁷ are refused. Of several classes all are explained unless one is named.

A model that reads one text is explained by its words: by its weights where they are TF-IDF terms, by the slopes of a network, else by leaving words out, in halves of the text and halves of halves; each shown text has its words marked. A model of pictures is explained by its pixels (32 cells a side at most), or where it can not be differentiated by giving 8 × 8 cells the look of the mean background picture.

Drawn are the importances, every row as a point (up to 150), the contribution against the value for the strongest four features, coloured by the feature that goes with the rest of it most (mean |*r*| among rows of like value, as shap's approximate interactions), for trees the exact interaction values (Fujimoto, Kojadinovic & Marichal 2006), and a waterfall for each person; people can be chosen in them by what was pushed.

Importance is the mean absolute contribution. Higher helps or hurts is the sign of the correlation between a feature's known values and its contributions; text has no order and is mixed. The person shown is, unless named, the one nearest to the limit who does not get the positive class, from the protected group that misses it most often; beside them stand the 50 people outside that group whose prepared data are nearest (for linear models, whose columns have a common scale). For numbers it is the person with the middle prediction, for several classes one of each.`,
  keywords: ['shapley', 'explanation', 'importance', 'attribution', 'reasons', 'contributions', 'drivers'],
  inputs: {
    model: { type: 'model', doc: 'The model to explain.' },
    table: { type: 'table', doc: 'People to explain it on; with a split column the test rows are used.' },
  },
  outputs: {
    explanation: { type: 'explanation', doc: 'Importance and direction of every feature, and one person.' },
  },
  params: z.object({
    method: z.enum(methodChoices).default('automatic').meta({
      title: 'Method',
      description: 'Automatic picks the exact one for the model; a method that does not fit the model is refused.',
    }),
    class: z.string().default('').meta({
      title: 'Class',
      description: 'The class whose score is explained: empty for the positive one of two, and for all of several.',
      placeholder: 'all',
    }),
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
        description: 'Values of the column of role id, or row numbers counted from 1, with commas between them.',
        placeholder: 'A00017, A00021',
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
    mostEstimatedRows: z.int().min(1).max(100_000).default(100).meta({
      title: 'At most, estimated',
      description: 'Gradients and sampled methods score thousands of made-up rows for each row.',
      unit: 'rows',
      advanced: true,
    }),
    background: z.int().min(1).max(10_000).default(wayDefaults.background).meta({
      title: 'Background',
      description: 'Training rows that are compared with, a seeded draw; linear models take all.',
      unit: 'rows',
      advanced: true,
    }),
    samples: z
      .int()
      .min(2)
      .max(1_000_000)
      .default(wayDefaults.samples)
      .meta({
        title: 'Coalitions',
        description:
          'Scored for each row, each over the background. Kernel is exact from 2 to the number of columns on.',
        unit: 'a row',
        advanced: true,
        when: { method: ['automatic', 'kernel', 'partition'] },
      }),
    rounds: z
      .int()
      .min(1)
      .max(10_000)
      .default(wayDefaults.rounds)
      .meta({
        title: 'Rounds',
        description: 'Orders that are walked there and back for each row; from two on there are standard errors.',
        unit: 'a row',
        advanced: true,
        when: { method: ['automatic', 'permutation'] },
      }),
    points: z
      .int()
      .min(1)
      .max(1_000)
      .default(wayDefaults.points)
      .meta({
        title: 'Points',
        description:
          'Slopes taken on the way from each background row, eight times as many of a text; more add up more exactly.',
        unit: 'points',
        advanced: true,
        when: { method: ['automatic', 'expected-gradients'] },
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
