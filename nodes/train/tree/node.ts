import { defineNode } from '#contract'
import { parseEnsemble } from '#ml/trees/ensemble-json'
import { inferModel } from '../linear/infer.ts'
import { kindWord } from '../train-with.ts'
import { treeCard } from '../tree-report.ts'
import { params, treeVersion } from './params.ts'
import { treeReport } from './report.ts'
import { trainTree } from './run.ts'

export default defineNode({
  type: 'train/tree',
  version: treeVersion,
  title: 'Decision tree',
  doc: `Grows one tree of yes-or-no questions and cuts it back to what the data bear out: a model that fits on a page and can be read aloud. Usually less accurate than a forest or boosting, and worth it where every decision must be explained.

Classification and regression trees of Breiman, Friedman, Olshen & Stone (1984): splits by Gini impurity or variance, thresholds among 255 quantiles, missing numbers sent where they fit best, one column a level for texts. Cost-complexity pruning removes the branches that save least for their leaves; the cost is chosen by five folds and the one-standard-error rule, or set by hand (scikit-learn's ccp_alpha).

The result lists the rules with the rows they were grown on and how sure they are, and what the splits save by column.`,
  keywords: ['cart', 'decision tree', 'rules', 'pruning', 'interpretable', 'classifier', 'regression'],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column the training rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: { model: { type: 'model', doc: 'The pruned tree with its preparation inside, one ONNX file.' } },
  params,
  async infer({ inputs, params: given }) {
    return inferModel(inputs, { target: given.target, kind: kindWord(given.kind) })
  },
  run: ({ inputs, hashes, params: given, context }) => trainTree({ inputs, hashes, params: given, context }),
  card: ({ outputs }) => treeCard(outputs.model),
  async report({ outputs, context }) {
    const { ensemble } = parseEnsemble(new TextDecoder().decode(await context.blobs.get(outputs.model.trees!)))
    return treeReport(outputs.model, ensemble)
  },
})
