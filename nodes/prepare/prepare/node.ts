import { defineNode } from '#contract'
import { chosenFeatures, columnProblems, givenProblem } from './check-columns.ts'
import { prepareParams } from './params.ts'
import { preparationBlocks, preparationCard } from './report.ts'
import { prepareTable, prepareVersion } from './run.ts'

export default defineNode({
  type: 'prepare/prepare',
  version: prepareVersion,
  title: 'Prepare',
  doc: `Turns raw columns into the numbers a learner needs: missing and infinite numbers become the training median (or mean, mode, a constant, or the mean of the rows most like it; booleans take the mode) and are marked, texts become one column a level with rare levels gathered in "(other)", and numbers are scaled to mean 0 and deviation 1. Everything is fitted on the training rows only and travels inside the model, so that the served model prepares a new row exactly as in training.

Scaling divides by the deviation with divisor n after imputation, as scikit-learn's StandardScaler does; a column without spread keeps its values minus the mean. Min-max, robust, quantile and Yeo-Johnson scaling follow scikit-learn too, quantiles from all training rows and the power within ±5. Neighbours are compared over the columns that take them, each divided by its deviation (Troyanskaya et al. 2001); the compared rows stand inside the model, at most "Rows to compare with".

Levels with less than the rare share of the training rows, and levels never seen in training, go to "(other)" where there is one. As whole numbers levels count from 0 in the order of their names, -1 is unseen and -2 missing. Encoded by the target, a level is the target's mean among its rows, shrunk towards the mean of all (Micci-Barreca 2001); training rows, in the table here and in a learner, get the codes of the other folds, and a learner fits the codes again on its own rows. Hashed levels add 1 or -1 to a shared column (Weinberger et al. 2009), unseen ones to none: a hash would lend them the effect of strangers. Codes are not scaled.

Running texts stay categories unless told; as terms they become TF-IDF, ln((1 + n) / (1 + rows with the term)) + 1, each row of length 1, as scikit-learn's TfidfVectorizer: words are two letters or digits and more in lower case, white space is one blank among characters. Terms never seen in training count as nothing, also when hashed. The preparation at the optional input is applied as it is instead of fitting a new one.`,
  keywords: [
    'impute',
    'encode',
    'one-hot',
    'scale',
    'standardise',
    'missing',
    'categories',
    'preprocess',
    'tf-idf',
    'text',
    'words',
    'date',
    'target encoding',
    'hash',
    'nearest neighbours',
    'quantile',
  ],
  inputs: {
    table: { type: 'table', doc: 'Rows to prepare; with a split column it is fitted on the training rows.' },
    preparation: { type: 'model', doc: 'A preparation fitted elsewhere, to be applied as it is.', optional: true },
  },
  outputs: {
    table: {
      type: 'table',
      doc: 'The prepared numbers, to look at; columns of other roles stay. Target means of training rows are those of the other folds.',
    },
    preparation: { type: 'model', doc: 'The fitted preparation; learners make it part of their model.' },
  },
  params: prepareParams,
  async infer({ inputs, params }) {
    const given = inputs.preparation && givenProblem(inputs.preparation)
    if (given) return [given]
    const { columns } = inputs.table
    const problems = columns && !inputs.preparation ? columnProblems(columns, params) : []
    if (problems.length > 0) return problems
    const features = inputs.preparation?.features ?? (columns && chosenFeatures(columns, params))
    const rows = inputs.table.rows === undefined ? {} : { rows: inputs.table.rows }
    return { table: rows, preparation: { purpose: 'preparation', ...(features && { features }) } }
  },
  run: ({ inputs, hashes, params, context }) => prepareTable({ inputs, hashes, params, context }),
  card: ({ outputs }) => preparationCard(outputs.preparation),
  report: async ({ outputs }) => preparationBlocks(outputs.preparation),
})
