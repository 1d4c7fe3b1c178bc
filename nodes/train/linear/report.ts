import type { BlockCell, CardFact, Estimate, Metric, Model, ReportBlock } from '#contract'
import { criticalValue } from '#ml/statistics/normal'
import { formatInteger, formatNumber } from '#report/format-number'

const find = (model: Model, name: string) => model.metrics.find((metric) => metric.name === name)

/** The cross-validated score where there is one, else the one on the training rows. */
function headline(model: Model): { readonly metric: Metric; readonly where: string } | undefined {
  const name = model.purpose === 'regression' ? 'r2' : 'roc_auc'
  const validated = find(model, `cross_validated.${name}`)
  if (validated && validated.value !== null) return { metric: validated, where: 'cross-validated' }
  const trained = find(model, `train.${name}`)
  return trained && { metric: trained, where: 'on training rows' }
}

/** Sets of coefficients joined: the largest absolute weight of each matrix column. */
function strengths(model: Model): number[] {
  const sets = model.linear?.coefficients ?? []
  return (sets[0] ?? []).map((_, j) => Math.max(...sets.map((set) => Math.abs(set[j]!))))
}

const byStrength = (sizes: readonly number[]) => Array.from(sizes.keys()).sort((i, j) => sizes[j]! - sizes[i]! || i - j)

export function linearCard(model: Model): CardFact {
  const best = headline(model)
  const sizes = strengths(model)
  const values = byStrength(sizes)
    .slice(0, 6)
    .map((j) => sizes[j]!)
  const name = model.purpose === 'regression' ? 'R²' : 'AUC'
  return {
    text: best
      ? `**${name} ${formatNumber(best.metric.value, 2)}** ${best.where}, ${formatInteger(model.training.rows)} rows`
      : `${formatInteger(model.training.rows)} rows`,
    ...(values.length > 0 && { picture: { type: 'rows' as const, values } }),
  }
}

const shown = 60

export function linearReport(model: Model): ReportBlock[] {
  const { linear, classes = [], positive } = model
  if (!linear) return []
  const binary = model.purpose === 'binary'
  const subject = binary ? `the log-odds of ${classes[1]}` : (model.target ?? 'the target')
  return [
    { block: 'heading', text: binary || model.purpose === 'multiclass' ? 'Logistic regression' : 'Ridge regression' },
    ...metricBlocks(model),
    facts(model),
    ...(model.purpose === 'multiclass'
      ? classes.map((name, k) => coefficientTable(model, k, `Coefficients for ${name}`))
      : [coefficientChart(model, subject), coefficientTable(model, 0, `What adds to ${subject}`)]),
    ...(binary && positive !== classes[1]
      ? [
          {
            block: 'text' as const,
            text: `${positive} is the positive class; the coefficients above are for ${classes[1]}.`,
          },
        ]
      : []),
  ]
}

function metricBlocks(model: Model): ReportBlock[] {
  return model.metrics.map(({ label, value, low, high, n }) => ({
    block: 'metric' as const,
    label,
    estimate: { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }), ...(n && { n }) },
    format: 'number' as const,
  }))
}

function facts({ learner, training, features, matrix, protected: names }: Model): ReportBlock {
  const params = learner.params as { readonly penalty: number; readonly classWeight: string }
  return {
    block: 'table',
    title: 'The fit',
    columns: ['Fact', 'Value'],
    rows: [
      ['Training rows', training.rows],
      ['Columns used', features.length],
      ['Columns after preparation', matrix?.length ?? null],
      ['Penalty', params.penalty],
      ['Class weight', params.classWeight],
      ['Protected columns, not used', names.length === 0 ? 'none' : names.join(', ')],
    ],
  }
}

function estimate(model: Model, set: number, j: number): Estimate {
  const value = model.linear!.coefficients[set]?.[j] ?? model.linear!.intercepts[set]!
  const error = model.linear!.errors?.[set]?.[j]
  if (error === undefined) return { value }
  const spread = criticalValue(0.95) * error
  return { value, low: value - spread, high: value + spread }
}

function coefficientTable(model: Model, set: number, title: string): ReportBlock {
  const { matrix = [], linear } = model
  const sizes = linear!.coefficients[set]!.map(Math.abs)
  const order = byStrength(sizes)
  const classes = model.purpose !== 'regression'
  const row = (j: number): BlockCell[] => [
    matrix[j]?.name ?? 'intercept',
    matrix[j]?.source ?? '',
    estimate(model, set, j),
    ...(classes ? [Math.exp(linear!.coefficients[set]![j] ?? linear!.intercepts[set]!)] : []),
  ]
  return {
    block: 'table',
    title,
    columns: ['Prepared column', 'From', 'Coefficient', ...(classes ? ['Odds ratio'] : [])],
    rows: [...order.slice(0, shown), sizes.length].map(row),
    note: [
      'Of prepared columns, one standard deviation of a number or the presence of a value; 95 % intervals.',
      ...(order.length > shown ? [`The ${shown} strongest of ${formatInteger(order.length)}.`] : []),
    ].join(' '),
  }
}

function coefficientChart(model: Model, subject: string): ReportBlock {
  const order = byStrength(strengths(model)).slice(0, 15)
  return {
    block: 'chart',
    title: `The strongest coefficients, on ${subject}`,
    chart: {
      type: 'bars',
      format: 'signed',
      rows: order.map((j) => ({ label: model.matrix?.[j]?.name ?? `column ${j}`, estimate: estimate(model, 0, j) })),
    },
  }
}
