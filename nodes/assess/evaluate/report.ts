import type {
  BlockCell,
  CardFact,
  Chart,
  ChartRows,
  ColumnCondition,
  Curve,
  Estimate,
  Evaluation,
  Metric,
  Performance,
  ReportBlock,
  RunContext,
  Table,
} from '#contract'
import { type Histogram, histogram } from '#ml/profile/histogram'
import { formatInteger, formatNumber } from '#report/format-number'
import { decisionWords, said } from './judged-table.ts'

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

export function evaluateReport(evaluation: Evaluation, bins?: Histogram): ReportBlock[] {
  const { metrics, performance } = evaluation
  if (!performance) return []
  return [
    { block: 'heading', text: 'How well it predicts', note: `${rowsWord(evaluation)}, 95 % intervals` },
    ...headlines[performance.task]!.flatMap((name) => metricBlock(metrics, performance.against, name)),
    comparison(metrics, performance.against),
    ...charts(evaluation, bins),
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

/** How the probabilities of the positive class are spread over the judged rows; undefined where there are none. */
export async function scoreBins({ judged }: Evaluation, context: RunContext): Promise<Histogram | undefined> {
  if (!judged?.columns.some(({ name }) => name === said.score)) return undefined
  const { cells } = (await context.tables.read(judged, [said.score])).columns[0]!
  return cells.kind === 'number' ? histogram(cells.values, mostBins) : undefined
}
const mostBins = 20

function charts(evaluation: Evaluation, bins: Histogram | undefined): ReportBlock[] {
  const { performance, judged, table } = evaluation
  if (!performance) return []
  const link: Link = (block, beside) => (judged ? { ...block, rows: { table, ...beside(judged) } } : block)
  const { confusion, classes, curves } = performance
  const blocks = curves.map((curve) => link(curveBlock(curve), (of) => curveRows(curve, of)))
  if (!confusion || !classes) return blocks
  const scores = bins && bins.counts.length > 0 ? [link(scoresBlock(performance, bins), scoreRows)] : []
  return [link(matrixBlock(performance, confusion, classes), (of) => cellRows(classes, of)), ...scores, ...blocks]
}

type ChartBlock = Extract<ReportBlock, { block: 'chart' }>
type Link = (block: ChartBlock, beside: (judged: Table) => Omit<ChartRows, 'table'>) => ChartBlock

function matrixBlock(
  { positive, threshold }: Performance,
  confusion: NonNullable<Performance['confusion']>,
  classes: readonly string[],
): ChartBlock {
  return {
    block: 'chart',
    title: 'What was predicted, by what was true',
    ...(threshold !== undefined && {
      note: `${positive} is predicted from a probability of ${formatNumber(threshold, 2)}`,
    }),
    chart: { type: 'matrix', rows: classes, columns: classes, values: confusion, x: 'predicted', y: 'actual' },
  }
}

/** Each cell is the rows of one class that were given another. */
function cellRows(classes: readonly string[], judged: Table): Omit<ChartRows, 'table'> {
  const bars = classes.flatMap((actual) =>
    classes.map((predicted) => [{ column: said.decision, values: [decisionWords(actual, predicted)] }]),
  )
  return { beside: { table: judged, bars } }
}

function scoresBlock({ positive }: Performance, { edges, counts }: Histogram): ChartBlock {
  const x = `probability of ${positive}`
  return { block: 'chart', title: 'Scores', chart: { type: 'histogram', edges, series: [{ name: 'rows', counts }], x } }
}

const scoreRows = (judged: Table): Omit<ChartRows, 'table'> => ({ beside: { table: judged, x: said.score } })

const curveWords: Readonly<Record<Curve['name'], { title: string; x: string; y: string; type: 'line' | 'scatter' }>> = {
  roc: { title: 'ROC curve', x: 'false positive rate', y: 'true positive rate', type: 'line' },
  'precision-recall': { title: 'Precision and recall', x: 'recall', y: 'precision', type: 'line' },
  calibration: { title: 'Calibration', x: 'predicted probability', y: 'observed share', type: 'line' },
  loss: { title: 'Loss', x: 'iteration', y: 'loss', type: 'line' },
  residual: { title: 'Residuals', x: 'predicted', y: 'actual minus predicted', type: 'scatter' },
}

function curveBlock({ name, x, y }: Curve): ChartBlock {
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

/** Residuals lie along two columns, all other curves along the score. */
function curveRows(curve: Curve, judged: Table): Omit<ChartRows, 'table'> {
  if (curve.name === 'residual')
    return {
      ...(curve.places && { places: curve.places }),
      beside: { table: judged, x: said.predicted, y: said.residual },
    }
  const bins = curve.name === 'calibration'
  const ranges = (bins ? binRanges : stretchRanges)(curve.thresholds ?? [])
  const counts = bins ? curve.n : curve.n?.slice(1)
  const bars = ranges.map((range) => [{ column: said.score, range }])
  return { beside: { table: judged, bars, ...(counts && { counts }) } }
}

type Range = NonNullable<ColumnCondition['range']>

/** From each threshold up to the one before. */
function stretchRanges(thresholds: NonNullable<Curve['thresholds']>): Range[] {
  return thresholds.slice(1).map((from, at): Range => {
    const above = thresholds[at]
    return above == null ? { from: from!, to: Math.max(1, from!) } : { from: from!, to: above, below: true }
  })
}

/** The tenths that begin there, closed on the right as `calibrationBins` has them: the lower end is the next double. */
function binRanges(thresholds: NonNullable<Curve['thresholds']>): Range[] {
  return thresholds.map((from) => {
    const bin = Math.round((from ?? 0) * 10)
    return { from: bin === 0 ? 0 : nextAbove(bin / 10), to: (bin + 1) / 10 }
  })
}

/** The next larger double of a positive one. */
function nextAbove(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer)
  bits[0]! += 1n
  return new Float64Array(bits.buffer)[0]!
}
