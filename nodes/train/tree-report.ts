import type { CardFact, Model, ReportBlock } from '#contract'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { formatInteger, formatNumber } from '#report/format-number'

const places = [
  ['cross_validated', 'cross-validated'],
  ['out_of_bag', 'out of the bag'],
  ['train', 'on training rows'],
] as const

/** The best-founded figure there is. */
export function treeCard({ purpose, metrics, training }: Model): CardFact {
  const name = purpose === 'regression' ? 'r2' : 'roc_auc'
  const title = purpose === 'regression' ? 'R²' : 'AUC'
  const rows = `${formatInteger(training.rows)} rows`
  for (const [prefix, where] of places) {
    const metric = metrics.find((one) => one.name === `${prefix}.${name}`)
    if (metric && metric.value !== null)
      return { text: `**${title} ${formatNumber(metric.value, 2)}** ${where}, ${rows}` }
  }
  return { text: rows }
}

/** Loss saved and splits made by each raw column, the most important first. */
export function splitImportance({ trees }: TreeEnsemble, matrix: NonNullable<Model['matrix']>) {
  const sums = new Map<string, { gain: number; splits: number }>()
  for (const { source } of matrix) sums.set(source, { gain: 0, splits: 0 })
  for (const { feature, gain } of trees)
    feature.forEach((column, node) => {
      if (column < 0) return
      const sum = sums.get(matrix[column]!.source)!
      sum.gain += gain[node]!
      sum.splits++
    })
  const total = [...sums.values()].reduce((all, { gain }) => all + gain, 0)
  return [...sums]
    .map(([source, { gain, splits }]) => ({ source, share: total > 0 ? gain / total : 0, splits }))
    .sort((a, b) => b.share - a.share)
}

const shown = 30

export const metricBlocks = ({ metrics }: Model): ReportBlock[] =>
  metrics.map(({ label, value, low, high, n }) => ({
    block: 'metric',
    label,
    estimate: { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }), ...(n && { n }) },
    format: 'number',
  }))

export function importanceBlocks(ensemble: TreeEnsemble, model: Model): ReportBlock[] {
  const importance = splitImportance(ensemble, model.matrix ?? []).slice(0, shown)
  return [
    {
      block: 'chart',
      title: 'Share of the loss saved',
      chart: {
        type: 'bars',
        format: 'percent',
        rows: importance.slice(0, 12).map(({ source, share }) => ({ label: source, estimate: { value: share } })),
      },
    },
    {
      block: 'table',
      title: 'Importance of columns',
      columns: ['Column', 'Share of the loss saved', 'Splits'],
      rows: importance.map(({ source, share, splits }) => [source, share, splits]),
      note: 'By the splits of the trees on the training rows; columns with many values look stronger than they are.',
    },
  ]
}
