import { defineNode, type PortSchema, type Problem } from '#contract'
import { featuresFor, isProblem, targetColumn } from '#ml/roles'
import { noFeatures, targetProblems, taskKind } from '../../train/linear/infer.ts'
import { kindWord } from '../../train/train-with.ts'
import { featureColumns } from './features-table.ts'
import { params, type SelectParams } from './params.ts'
import { selectionCard, selectionReport } from './report.ts'
import { selectFeatures } from './run.ts'

export default defineNode({
  type: 'prepare/select-features',
  version: 1,
  title: 'Select features',
  doc: `Discards features that say little or what others say already, and tells of each the step, the reason, the number and the twin that stays. Everything is judged on the training rows only. The cells stay as they are: a discarded feature gets the role label, so that it is shown and audited, but not learned from.

**The funnel** goes step by step: features of mostly missing cells (counted in the database, so that their cells are never read); near-zero variance as in caret (Kuhn 2008), but for features whose rare values go with the target beyond chance, as capital gains with income; of two numbers with a Pearson correlation at the limit, and of two texts with Cramér's V at the limit beyond chance, the one that alone tells less of the target by an analysis of variance; features that a random forest hardly uses (mean decrease in impurity, as a share of the mean).

**Then, or instead**: the best so many or the best share by a score of each feature alone, as scikit-learn's SelectKBest and SelectPercentile with f_classif or f_regression, chi2 (sums of counts, which depends on the unit of a number) or mutual information (Kraskov 2004, Ross 2014); a text scores as the best of its levels. Bregman divergences, Itakura-Saito among them, compare the distributions of a feature in the classes, over ten bins of equal counts; a number to predict is cut into four parts. Recursive elimination (Guyon et al. 2002) drops the least important feature of a forest round by round. Boruta (Kursa & Rudnicki 2010) keeps those that beat shuffled copies of all.

**Reviewers have the last word.** The fairness report lists what was discarded; a feature that a reviewer wants to keep comes back on the next run. Their wishes belong to the step's cache key. Weights are not used.`,
  keywords: [
    'feature selection',
    'correlation',
    'twins',
    'variance',
    'chi-square',
    'anova',
    'mutual information',
    'boruta',
    'recursive feature elimination',
    'SelectKBest',
    'Bregman',
    'Itakura-Saito',
    'discard',
    'columns',
  ],
  inputs: { table: { type: 'table', doc: 'Rows with their target; with a split column the training rows decide.' } },
  outputs: {
    table: { type: 'table', doc: 'The same rows; discarded features have the role label.' },
    selection: { type: 'evaluation', doc: 'What was kept and discarded, with step, reason, number and twin.' },
    features: { type: 'table', doc: 'The same as a table, a row a feature.' },
  },
  params,
  consults: true,
  async infer({ inputs, params: given }) {
    const { columns, rows } = inputs.table
    if (!columns) return { table: {}, selection: {}, features: { columns: featureColumns } }
    const target = targetColumn(columns, given.target)
    if (isProblem(target)) return [target]
    const kind = taskKind({ kind: kindWord(given.kind) }, target)
    const candidates = featuresFor(columns, target).map(({ name }) => name)
    const problems = [
      ...targetProblems(kind, target),
      ...(candidates.length === 0 ? [noFeatures] : []),
      ...scoreProblems(kind, given),
    ]
    if (problems.length > 0) return problems
    const undecided = candidates.filter((name) => !given.always.includes(name))
    const table: PortSchema = { columns, undecided, ...(rows !== undefined && { rows }) }
    return { table, selection: {}, features: { columns: featureColumns, rows: candidates.length } }
  },
  run: selectFeatures,
  card: ({ outputs }) => selectionCard(outputs.selection),
  report: async ({ outputs }) => selectionReport(outputs.selection),
})

function scoreProblems(kind: 'logistic' | 'ridge', given: SelectParams): Problem[] {
  const scored = given.method === 'k-best' || given.method === 'percentile'
  if (!scored || given.score !== 'chi-square' || kind === 'logistic') return []
  return [
    {
      code: 'parameter-bad',
      message: 'The chi-square score compares classes, and the target is a number.',
      path: ['params', 'score'],
      fix: 'Choose ANOVA or mutual information',
    },
  ]
}
