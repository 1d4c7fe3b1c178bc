import type { CardFact, Explanation, Model, ReportBlock } from '#contract'
import { formatCount, formatInteger, formatNumber, formatPercent, formatSigned } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'

const directions = { 'higher-helps': 'higher helps', 'higher-hurts': 'higher hurts', mixed: 'mixed' } as const
const spaced = (name: string) => name.replace(/[_\s]+/g, ' ').trim()
const shownBars = 12
const shownReasons = 8

export function shapCard({ features, rows }: Explanation): CardFact {
  const [first] = features
  if (!first) return { text: `${formatCount(rows, 'row')} explained` }
  const direction = first.direction === 'mixed' ? '' : `, ${directions[first.direction]}`
  return {
    text: `**${spaced(first.feature)}** counts most${direction}`,
    picture: { type: 'rows', values: features.slice(0, 6).map(({ importance }) => importance) },
  }
}

export function shapReport(explanation: Explanation, model: Model): ReportBlock[] {
  const positive = model.positive ?? model.classes?.[1] ?? ''
  const scale =
    explanation.space === 'target'
      ? `the predicted ${spaced(model.target ?? 'number')}`
      : `the ${explanation.space} of ${spaced(model.target ?? 'target')}: ${positive}`
  return [
    {
      block: 'heading',
      text: 'What drives the decision',
      note: `Exact contributions to ${scale} (${explanation.method}), over ${formatCount(explanation.rows, 'person', 'people')}.`,
    },
    driversChart(explanation, scale),
    driversTable(explanation),
    baseLine(explanation, scale),
    ...explanation.people.map((person) => personBlock(person, explanation, model)),
  ]
}

function driversChart({ features }: Explanation, scale: string): ReportBlock {
  const left = features.length - shownBars
  return {
    block: 'chart',
    title: 'Mean push, up or down',
    ...(left > 0 && { note: `${formatCount(left, 'weaker feature')} not shown` }),
    chart: {
      type: 'bars',
      format: 'number',
      x: `mean push on ${scale}`,
      rows: features.slice(0, shownBars).map(({ feature, importance, direction }) => ({
        label: spaced(feature),
        estimate: { value: importance },
        note: directions[direction],
      })),
    },
  }
}

function driversTable({ features }: Explanation): ReportBlock {
  const all = features.reduce((sum, { importance }) => sum + importance, 0)
  return {
    block: 'table',
    title: 'All features',
    columns: ['Feature', 'Mean push', 'Share', 'Direction'],
    rows: features.map(({ feature, importance, direction }) => [
      feature,
      formatNumber(importance),
      all > 0 ? formatPercent(importance / all) : '–',
      directions[direction],
    ]),
    note: 'Mixed: text, or numbers whose contribution does not rise or fall with them.',
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

function baseLine({ base, space }: Explanation, scale: string): ReportBlock {
  const odds = space === 'log-odds' ? `, a probability of ${formatPercent(sigmoid(base))}` : ''
  return {
    block: 'text',
    text: `Every person starts from ${formatNumber(base)}${odds}: ${scale} of the average person. Contributions are added to it.`,
  }
}

function personBlock(person: Explanation['people'][number], { space }: Explanation, model: Model): ReportBlock {
  const who = person.id === undefined ? `The person in row ${formatInteger(person.row + 1)}` : `Person ${person.id}`
  const limit = model.threshold ?? 0.5
  const digits = tellingDigits(person.score, limit, 2)
  const score =
    space === 'target'
      ? formatNumber(person.score)
      : `score ${formatNumber(person.score, digits)}, needs ${formatNumber(limit, 2)}`
  const rest = person.contributions.slice(shownReasons)
  const sum = rest.reduce((total, { contribution }) => total + contribution, 0)
  const more = rest.length > 0 ? `${formatCount(rest.length, 'weaker feature')} together ${formatSigned(sum)}.` : ''
  const note = [person.note ?? '', more].filter(Boolean).join(' ')
  return {
    block: 'person',
    title: 'One person, explained',
    text: `${who}: ${person.outcome} (${score}). What pushed the score up or down, against the average person:`,
    reasons: person.contributions
      .slice(0, shownReasons)
      .map((reason) => ({ ...reason, feature: spaced(reason.feature) })),
    ...(note && { note }),
  }
}
