import type { CardFact, Model, ReportBlock } from '#contract'
import type { Preparation, PreparationStep } from '#ml/prepare/preparation'
import { formatCount, formatInteger, formatNumber } from '#report/format-number'

export function preparationCard({ matrix = [], features }: Model): CardFact {
  return { text: `**${formatCount(features.length, 'column')}** → ${formatInteger(matrix.length)} numbers` }
}

type Of<Kind extends PreparationStep['kind']> = Extract<PreparationStep, { kind: Kind }>
const first = (names: readonly string[], most = 8) =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')

const bent = ({ curve }: Of<'number'>) =>
  !curve
    ? ''
    : curve.kind === 'quantile'
      ? curve.normal
        ? 'normal quantile'
        : 'quantile'
      : `power ${formatNumber(curve.lambda)}`

function numberTable(steps: readonly Of<'number'>[]): ReportBlock {
  const curves = steps.some(({ curve }) => curve)
  return {
    block: 'table',
    title: 'Numbers',
    columns: ['Column', 'Missing becomes', 'Marked', ...(curves ? ['Curve'] : []), 'Minus', 'Divided by'],
    rows: steps.map((step) => [
      step.name,
      step.neighbours ? `neighbours, else ${formatNumber(step.fill)}` : formatNumber(step.fill),
      step.indicator ? 'yes' : 'no',
      ...(curves ? [bent(step)] : []),
      formatNumber(step.center),
      formatNumber(step.scale),
    ]),
  }
}

const oneHotTable = (steps: readonly Of<'text'>[]): ReportBlock => ({
  block: 'table',
  title: 'Texts',
  columns: ['Column', 'Levels', 'Rare and unseen', 'Missing'],
  rows: steps.map(({ name, levels, other, missing }) => [
    name,
    first(levels),
    other ? 'a column of their own' : 'count as no level',
    missing === null ? 'counts as no level' : 'level' in missing ? `becomes ${missing.level}` : 'a column of its own',
  ]),
})

const dateTable = (steps: readonly Of<'date'>[]): ReportBlock => ({
  block: 'table',
  title: 'Dates',
  columns: ['Column', 'Parts', 'Missing becomes', 'Marked'],
  rows: steps.map(({ name, parts, fill, indicator }) => [
    name,
    parts.map((one) => ('circle' in one ? `${one.part} on a circle` : one.part)).join(', '),
    new Date(fill).toISOString().slice(0, 10),
    indicator ? 'yes' : 'no',
  ]),
})

const codeTable = (steps: readonly (Of<'ordinal'> | Of<'hash'>)[]): ReportBlock => ({
  block: 'table',
  title: 'Levels as numbers',
  columns: ['Column', 'Encoding', 'Levels', 'Unseen'],
  rows: steps.map((step) => [
    step.name,
    step.kind === 'ordinal' ? 'whole numbers from 0' : `1 or -1 in ${step.buckets} columns`,
    first(step.levels),
    step.kind === 'ordinal' ? '-1' : 'no column',
  ]),
})

/** The levels with the highest and the lowest code, of the first output. */
function targetTable(step: Of<'target'>): ReportBlock {
  const [codes] = step.codes
  const order = [...step.levels.keys()].sort((a, b) => codes![b]! - codes![a]! || a - b)
  const shown = order.length > 20 ? [...order.slice(0, 10), ...order.slice(-10)] : order
  return {
    block: 'table',
    title: `${step.name} by the mean of the target${step.classes ? `, the share of ${step.classes[0]}` : ''}`,
    columns: ['Level', 'Code'],
    rows: [
      ...shown.map((place) => [step.levels[place]!, formatNumber(codes![place]!)]),
      ['(missing)', formatNumber(step.missing[0]!)],
      ['(unseen)', formatNumber(step.unseen[0]!)],
    ],
  }
}

function termsTable(step: Of<'terms'>): ReportBlock {
  const { name, terms, weights, buckets } = step
  const order = [...terms.keys()].sort((a, b) => (weights ? weights[a]! - weights[b]! : 0) || a - b)
  return {
    block: 'table',
    title: `${name}: ${formatInteger(terms.length)} terms${buckets ? ` in ${formatInteger(buckets)} columns` : ''}`,
    columns: weights ? ['In most rows', 'Weight'] : ['Terms'],
    rows: order.slice(0, 20).map((place) => [terms[place]!, ...(weights ? [formatNumber(weights[place]!)] : [])]),
  }
}

export function preparationBlocks(model: Model): ReportBlock[] {
  const { steps } = model.preparation as unknown as Preparation
  const of = <Kind extends PreparationStep['kind']>(kind: Kind) =>
    steps.filter((step): step is Of<Kind> => step.kind === kind)
  const table = <Step>(found: readonly Step[], make: (found: readonly Step[]) => ReportBlock) =>
    found.length > 0 ? [make(found)] : []
  return [
    {
      block: 'text',
      text: `Fitted on ${formatInteger(model.training.rows)} training rows; the same numbers are used wherever the model goes.`,
    },
    ...table(of('number'), numberTable),
    ...table(of('date'), dateTable),
    ...table(of('text'), oneHotTable),
    ...table([...of('ordinal'), ...of('hash')], codeTable),
    ...of('target').map(targetTable),
    ...of('terms').map(termsTable),
  ]
}
