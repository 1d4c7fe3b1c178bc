import type { CardFact, Model, ReportBlock } from '#contract'
import { formatInteger, formatNumber, formatPercent } from '#report/format-number'
import type { BaselineParams } from './infer.ts'

const figure = (model: Model, name: string) =>
  model.metrics.find((metric) => metric.name === `train.${name}`)?.value ?? null

const paramsOf = (model: Model) => model.learner.params as unknown as BaselineParams

export function baselineCard(model: Model): CardFact {
  const { strategy, rule } = paramsOf(model)
  const rows = `${formatInteger(model.training.rows)} training rows`
  if (strategy === 'mean') return { text: `The mean: off by **${formatNumber(figure(model, 'mae'))}** on ${rows}` }
  const right = `right for **${formatPercent(figure(model, 'accuracy'))}** of ${rows}`
  if (strategy === 'rule') return { text: `${rule.length > 40 ? `${rule.slice(0, 39)}…` : rule}: ${right}` }
  return { text: `${strategy === 'majority' ? 'The most frequent class' : 'The class shares'}: ${right}` }
}

const words: Readonly<Record<string, string>> = {
  majority: 'Always answers the most frequent class of the training rows.',
  prior: 'Always answers the shares of the classes in the training rows.',
  mean: 'Always answers the mean of the training rows.',
}

export function baselineReport(model: Model): ReportBlock[] {
  const { strategy, rule } = paramsOf(model)
  return [
    { block: 'heading', text: 'Baseline', note: `${formatInteger(model.training.rows)} training rows` },
    {
      block: 'text',
      text: strategy === 'rule' ? `Answers ${model.positive} where this rule holds: ${rule}` : words[strategy]!,
    },
    ...model.metrics.map(({ label, value, n }) => ({
      block: 'metric' as const,
      label,
      estimate: { value, ...(n !== undefined && { n }) },
      format: label.startsWith('Accuracy') ? ('percent' as const) : ('number' as const),
    })),
  ]
}
