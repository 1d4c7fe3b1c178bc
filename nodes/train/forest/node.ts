import { defineNode } from '#contract'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { inferModel } from '../linear/infer.ts'
import { kindWord } from '../train-with.ts'
import { treeCard } from '../tree-report.ts'
import { forestVersion, params } from './params.ts'
import { forestReport } from './report.ts'
import { trainForest } from './run.ts'

export default defineNode({
  type: 'train/forest',
  version: forestVersion,
  title: 'Forest',
  doc: `Averages many deep trees, each grown on its own draw of rows and columns: accurate without tuning, hard to overfit, and judged by rows that each tree has not seen.

**Random forest** (Breiman, *Machine Learning* 45, 2001) takes the best threshold of every column it looks at, **extra trees** (Geurts, Ernst & Wehenkel, *Machine Learning* 63, 2006) a random one. Splits weigh Gini impurity for classes, variance for numbers; thresholds are among 255 quantiles. Missing numbers go where they fit best; texts become one column a level. A leaf holds class shares, or a mean; the prediction is their mean over the trees.

The out-of-bag score judges each row by the trees that did not draw it (Breiman 1996), with Wilson's interval for accuracy, so no rows need to be set aside for it. Trees are grown side by side; the forest is the same for any number of threads.`,
  keywords: ['random forest', 'extra trees', 'bagging', 'trees', 'classifier', 'regression', 'out of bag'],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column the training rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: { model: { type: 'model', doc: 'The fitted forest with its preparation inside, one ONNX file.' } },
  params,
  async infer({ inputs, params: given }) {
    return inferModel(inputs, { target: given.target, kind: kindWord(given.kind) })
  },
  run: ({ inputs, hashes, params: given, context }) => trainForest({ inputs, hashes, params: given, context }),
  card: ({ outputs }) => treeCard(outputs.model),
  async report({ outputs, context }) {
    const { ensemble } = parseEnsemble(new TextDecoder().decode(await context.blobs.get(outputs.model.trees!)))
    return forestReport(outputs.model, ensemble)
  },
})
