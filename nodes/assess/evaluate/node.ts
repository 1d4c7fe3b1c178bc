import { z } from 'zod'
import { defineNode } from '#contract'
import { metricWords } from '#ml/metrics/metric-names'
import { inferJudgement } from '../infer-judgement.ts'
import { rowChoices } from '../judged-rows.ts'
import { evaluateCard, evaluateReport, scoreBins } from './report.ts'
import { evaluate } from './run.ts'

export default defineNode({
  type: 'assess/evaluate',
  version: 1,
  title: 'Evaluate',
  doc: `Measures how well a model predicts rows it has not learned from, with an interval on every figure, and sets it beside baselines.

The rows are scored through ONNX Runtime, so the very file that would be served is what is judged. Rows whose target is missing, or is a class the model does not know, are left out and counted in the log. What it says of each judged row is kept beside the figures, so that rows can be chosen in its charts. A column of role weight weighs every figure; the confusion matrix counts rows.

**Classes**: ROC AUC (ties count half; mean of one against the rest for more than two classes), average precision (step sum), accuracy, balanced accuracy, precision, recall, F, Matthews correlation, log loss (clipped at 2⁻⁵²), Brier score, expected calibration error over ten bins. Definitions are scikit-learn's; precision, recall and F are 0 where they would be 0/0.
**Numbers**: R², RMSE, mean absolute error, mean absolute percentage error (undefined when a target is 0), pinball loss, mean error.

Intervals are 95 %: Wilson's for accuracy, precision and recall, DeLong's for the area (DeLong et al., *Biometrics* 44, 1988; Wilson, *JASA* 22, 1927), else percentiles of the seeded bootstrap over rows (Efron & Tibshirani 1993). With weights, or when the parameter says so, all are bootstrap. The bootstrap draws fewer times when rows × draws would pass 200 million. Beside a baseline stands the difference of areas with DeLong's paired interval.`,
  keywords: ['accuracy', 'auc', 'roc', 'calibration', 'confusion matrix', 'metrics', 'test', 'score'],
  inputs: {
    model: { type: 'model', doc: 'The model to judge.' },
    table: { type: 'table', doc: 'Rows with the true target; with a split column the test rows are used.' },
    baseline: { type: 'model', doc: 'Simpler models to beat, judged on the same rows.', many: true, optional: true },
  },
  outputs: {
    evaluation: { type: 'evaluation', doc: 'Figures with intervals, curves and the comparison with baselines.' },
  },
  params: z.object({
    rows: z.enum(rowChoices).default('test').meta({
      title: 'Rows',
      description: 'Which part of the split is judged; all rows when the table has no split.',
    }),
    intervals: z.enum(['auto', 'bootstrap']).default('auto').meta({
      title: 'Intervals',
      description: 'Auto takes closed forms where there are any; bootstrap takes the bootstrap throughout.',
      advanced: true,
    }),
    replicates: z.int().min(0).max(10_000).default(500).meta({
      title: 'Bootstrap draws',
      description: 'How often the rows are drawn again; 0 leaves out the intervals that need it.',
      unit: 'draws',
      advanced: true,
    }),
    beta: z.number().min(0.1).max(10).default(1).meta({
      title: 'Beta of F',
      description: 'Above 1 recall counts more, below 1 precision.',
      advanced: true,
    }),
    quantile: z.number().min(0.01).max(0.99).default(0.5).meta({
      title: 'Quantile of the pinball loss',
      description: 'For numeric targets; 0.5 is half the mean absolute error.',
      advanced: true,
    }),
  }),
  async infer({ inputs }) {
    const problems = inferJudgement([inputs.model, ...inputs.baseline], inputs.table)
    return problems.length > 0
      ? problems
      : { evaluation: { metrics: [...Object.keys(metricWords), 'roc_auc.difference'] } }
  },
  run: evaluate,
  card: ({ outputs }) => evaluateCard(outputs.evaluation),
  report: async ({ outputs, context }) =>
    evaluateReport(outputs.evaluation, await scoreBins(outputs.evaluation, context)),
})
