import type { BlockCell, CardFact, Chart, Curve, Estimate, Evaluation, Metric, ReportBlock } from '#contract'
import { formatInteger, formatNumber } from '#report/format-number'

const bare = ({ value, low, high, n }: Metric): Estimate => ({
  value,
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
  ...(n !== undefined && { n }),
})
const find = (metrics: readonly Metric[], name: string) => metrics.find((metric) => metric.name === name)

/** The figure a reader wants first. */
const headline = (evaluation: Evaluation) =>
  find(evaluation.metrics, evaluation.performance?.task === 'regression' ? 'r2' : 'roc_auc') ??
  find(evaluation.metrics, 'accuracy')!

const rowsWord = ({ rows, split }: Evaluation) =>
  `${formatInteger(rows)} ${split === 'all' ? '' : `${split} `}${rows === 1 ? 'row' : 'rows'}`

export function evaluateCard(evaluation: Evaluation): CardFact {
  const { label, value, low, high } = headline(evaluation)
  const interval =
    low === undefined || high === undefined ? '' : ` (${formatNumber(low, 2)} to ${formatNumber(high, 2)})`
  const roc = evaluation.performance?.curves.find((curve) => curve.name === 'roc')
  return {
    text: `**${label.replace('ROC ', '')} ${formatNumber(value, 2)}**${interval} on ${rowsWord(evaluation)}`,
    ...(roc && { picture: { type: 'line' as const, series: [sampled(roc)] } }),
  }
}

/** Heights of a curve at 25 even steps. */
function sampled({ x, y }: Curve): number[] {
  return Array.from({ length: 25 }, (_, step) => {
    const at = step / 24
    const after = x.findIndex((value) => value >= at)
    if (after <= 0) return after === 0 ? y[0]! : y.at(-1)!
    const span = x[after]! - x[after - 1]!
    const share = span > 0 ? (at - x[after - 1]!) / span : 1
    return y[after - 1]! + share * (y[after]! - y[after - 1]!)
  })
}

const headlines: Readonly<Record<string, readonly string[]>> = {
  binary: ['roc_auc', 'accuracy', 'log_loss', 'calibration_error'],
  multiclass: ['accuracy', 'balanced_accuracy', 'roc_auc', 'log_loss'],
  regression: ['r2', 'rmse', 'mae'],
}

export function evaluateReport(evaluation: Evaluation): ReportBlock[] {
  const { metrics, performance } = evaluation
  if (!performance) return []
  return [
    { block: 'heading', text: 'How well it predicts', note: `${rowsWord(evaluation)}, 95 % intervals` },
    ...headlines[performance.task]!.flatMap((name) => metricBlock(metrics, performance.against, name)),
    comparison(metrics, performance.against),
    ...charts(evaluation),
  ]
}

type Against = NonNullable<Evaluation['performance']>['against']

function metricBlock(metrics: readonly Metric[], against: Against, name: string): ReportBlock[] {
  const metric = find(metrics, name)
  if (!metric) return []
  const rival = against.map(({ title, metrics: figures }) => ({ label: title, value: find(figures, name)?.value }))
  const first = rival.find(({ value }) => typeof value === 'number')
  return [
    {
      block: 'metric',
      label: metric.label,
      estimate: bare(metric),
      format: name === 'accuracy' || name === 'balanced_accuracy' ? 'percent' : 'number',
      ...(first && { against: { label: first.label, value: first.value! } }),
    },
  ]
}

function comparison(metrics: readonly Metric[], against: Against): ReportBlock {
  const cell = (metric: Metric | undefined): BlockCell => (metric ? bare(metric) : null)
  const differences = against.map(({ metrics: figures }) => find(figures, 'roc_auc.difference'))
  const rows = metrics.map((metric): BlockCell[] => [
    metric.label,
    bare(metric),
    ...against.map(({ metrics: figures }) => cell(find(figures, metric.name))),
  ])
  if (differences.some((metric) => metric !== undefined))
    rows.push(['ROC AUC, model minus baseline', null, ...differences.map(cell)])
  return {
    block: 'table',
    title: against.length > 0 ? 'All figures, beside the baselines' : 'All figures',
    columns: ['Figure', 'Model', ...against.map(({ title }) => title)],
    rows,
  }
}

function charts({ performance }: Evaluation): ReportBlock[] {
  if (!performance) return []
  const { confusion, classes, curves } = performance
  const blocks = curves.map(curveBlock)
  if (!confusion || !classes) return blocks
  const matrix: ReportBlock = {
    block: 'chart',
    title: 'What was predicted, by what was true',
    ...(performance.threshold !== undefined && {
      note: `${performance.positive} is predicted from a probability of ${formatNumber(performance.threshold, 2)}`,
    }),
    chart: { type: 'matrix', rows: classes, columns: classes, values: confusion, x: 'predicted', y: 'actual' },
  }
  return [matrix, ...blocks]
}

const curveWords: Readonly<Record<Curve['name'], { title: string; x: string; y: string; type: 'line' | 'scatter' }>> = {
  roc: { title: 'ROC curve', x: 'false positive rate', y: 'true positive rate', type: 'line' },
  'precision-recall': { title: 'Precision and recall', x: 'recall', y: 'precision', type: 'line' },
  calibration: { title: 'Calibration', x: 'predicted probability', y: 'observed share', type: 'line' },
  loss: { title: 'Loss', x: 'iteration', y: 'loss', type: 'line' },
  residual: { title: 'Residuals', x: 'predicted', y: 'actual minus predicted', type: 'scatter' },
}

function curveBlock({ name, x, y }: Curve): ReportBlock {
  const words = curveWords[name]
  const chart: Chart = {
    type: words.type,
    series: [{ name: words.title, x, y, tone: 'newer' }],
    x: words.x,
    y: words.y,
    ...((name === 'roc' || name === 'calibration') && { diagonal: true }),
  }
  return { block: 'chart', title: words.title, chart }
}
