import type { CardFact, Model, ReportBlock } from '#contract'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { formatInteger, formatNumber } from '#report/format-number'

export function boostingCard({ purpose, metrics, training }: Model): CardFact {
  const name = purpose === 'regression' ? 'r2' : 'roc_auc'
  const title = purpose === 'regression' ? 'R²' : 'AUC'
  const find = (prefix: string) => metrics.find((metric) => metric.name === `${prefix}.${name}`)
  const validated = find('cross_validated')
  const metric = validated ?? find('train')
  const rows = `${formatInteger(training.rows)} rows`
  if (!metric || metric.value === null) return { text: rows }
  return {
    text: `**${title} ${formatNumber(metric.value, 2)}** ${validated ? 'cross-validated' : 'on training rows'}, ${rows}`,
  }
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

export function boostingReport(model: Model, ensemble: TreeEnsemble): ReportBlock[] {
  const importance = splitImportance(ensemble, model.matrix ?? []).slice(0, shown)
  return [
    { block: 'heading', text: 'Gradient boosting' },
    ...model.metrics.map(
      ({ label, value, low, high, n }): ReportBlock => ({
        block: 'metric',
        label,
        estimate: { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }), ...(n && { n }) },
        format: 'number',
      }),
    ),
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
