import { defineNode } from '#contract'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { inferModel } from '../linear/infer.ts'
import { treeCard } from '../tree-report.ts'
import { boostingParams, boostingVersion, kindOf } from './params.ts'
import { boostingReport } from './report.ts'
import { trainBoosting } from './run.ts'

export default defineNode({
  type: 'train/boosting',
  version: boostingVersion,
  title: 'Gradient boosting',
  doc: `Fits a sum of small trees, each to what the ones before it got wrong: often the strongest model for tables of numbers and texts.

Histogram gradient boosting (Friedman, *Annals of Statistics* 29, 2001; second-order leaves as Chen & Guestrin, *KDD* 2016; leaf-wise growth and bins as Ke et al., *NeurIPS* 2017). Fitted on the training rows (all rows when the table has no split). With validation rows it ends once \`patience\` rounds brought no gain there, and keeps the best round. Rows whose target is missing are left out. A column of role weight weighs the rows.

Without a preparation at its input, texts of up to 254 values are split on as categories without order and missing numbers go where they save most loss. A preparation at the input is used as it is.

**Objectives**: logistic and softmax for classes; squared, absolute, quantile and Poisson for numbers. The learner grows the same trees with any number of threads.

The cross-validated score fits as many rounds as the model kept on each part of the training rows; its interval is Student's t over the folds. It is a little hopeful where the number of rounds was chosen on validation rows.`,
  keywords: ['gradient boosting', 'trees', 'lightgbm', 'xgboost', 'classifier', 'regression', 'quantile', 'poisson'],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column training and validation rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: { model: { type: 'model', doc: 'The fitted model with its preparation inside, one ONNX file.' } },
  params: boostingParams,
  async infer({ inputs, params }) {
    const found = inferModel(inputs, { target: params.target, kind: kindOf(params) })
    return Array.isArray(found)
      ? found.map((problem) => (problem.path?.[1] === 'kind' ? { ...problem, path: ['params', 'objective'] } : problem))
      : found
  },
  run: trainBoosting,
  card: ({ outputs }) => treeCard(outputs.model),
  report: async ({ outputs: { model }, context }) =>
    boostingReport(model, parseEnsemble(new TextDecoder().decode(await context.blobs.get(model.trees!))).ensemble),
})
