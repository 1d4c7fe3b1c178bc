import { z } from 'zod'
import { defineNode } from '#contract'
import { classSettings, foldSetting, shared } from '../learner-params.ts'
import { inferModel, linearVersion } from './infer.ts'
import { linearCard, linearReport } from './report.ts'
import { trainLinear } from './run.ts'

export default defineNode({
  type: 'train/linear',
  version: linearVersion,
  title: 'Linear model',
  doc: `Fits a logistic regression for classes or a ridge regression for numbers: a weighted sum of the prepared columns, the model whose reasons are easiest to read.

Fitted on the training rows only (all rows when the table has no split). Without a preparation at its input it uses the default one: medians with a missing indicator, one-hot with a rare bucket, standard scaling. Rows whose target is missing are left out. A column of role weight weighs the rows.

**Logistic**: minimises Σ weight · loss + penalty / 2 · |coefficients|², the intercept free; the penalty is scikit-learn's 1 / C. Two classes give one set of coefficients, more give one a class (multinomial). Newton's method, L-BFGS for many columns, to a gradient of 10⁻¹⁰ of the total weight. Standard errors come from the inverse Hessian (Agresti, *Categorical Data Analysis*, 2013, 5.5).

**Ridge**: minimises Σ weight · (y − ŷ)² + penalty · |coefficients|² (Hoerl & Kennard, *Technometrics* 12, 1970) by QR and singular values; a penalty of 0 is ordinary least squares.

Standard errors ignore that the preparation was fitted on the same rows, and with a penalty they belong to the shrunken coefficients. The cross-validated score splits the training rows by class; a default preparation is fitted again in each fold, one at the input is used as it is. Its interval is Student's t over the folds.`,
  keywords: ['logistic regression', 'ridge', 'regression', 'classifier', 'least squares', 'coefficients'],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column the training rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: {
    model: { type: 'model', doc: 'The fitted model with its preparation inside, one ONNX file.' },
  },
  params: z.object({
    target: shared.target,
    kind: z.enum(['auto', 'logistic', 'ridge']).default('auto').meta({
      title: 'Kind',
      description: 'Auto takes logistic for text and boolean targets, ridge for numbers.',
    }),
    penalty: z.number().min(0).max(1e9).default(1).meta({
      title: 'Penalty',
      description: 'How strongly coefficients are drawn to 0; scikit-learn’s 1 / C or alpha.',
    }),
    ...classSettings({ kind: ['auto', 'logistic'] }),
    folds: foldSetting(5),
  }),
  async infer({ inputs, params }) {
    return inferModel(inputs, params)
  },
  run: trainLinear,
  card: ({ outputs }) => linearCard(outputs.model),
  report: async ({ outputs }) => linearReport(outputs.model),
})
