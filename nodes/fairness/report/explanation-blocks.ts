import type { Explanation, Model, ReportBlock } from '#contract'
import { formatCount, formatNumber } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { spaced } from './wording.ts'

const directions = { 'higher-helps': 'higher helps', 'higher-hurts': 'higher hurts', mixed: 'mixed' } as const
const spaces: Readonly<Record<Explanation['space'], string>> = {
  'log-odds': 'mean push on the log-odds, up or down',
  probability: 'mean push on the probability, up or down',
  margin: 'mean push on the margin, up or down',
  target: 'mean push on the prediction, up or down',
  'log-target': 'mean push on the logarithm of the prediction, up or down',
}
const shownFeatures = 8
const shownReasons = 6

function driversBlocks(explanation: Explanation): readonly ReportBlock[] {
  const rows = explanation.features.slice(0, shownFeatures).map((feature) => ({
    label: spaced(feature.feature),
    estimate: { value: feature.importance },
    note: directions[feature.direction],
  }))
  const left = explanation.features.length - rows.length
  const note = `${explanation.method}, over ${formatCount(explanation.rows, 'person', 'people')}${left > 0 ? `; ${formatCount(left, 'weaker feature')} not shown` : ''}.`
  return [
    { block: 'heading', text: 'What drives the decision', note },
    {
      block: 'chart',
      title: 'What drives the decision',
      chart: { type: 'bars', format: 'number', rows, x: spaces[explanation.space] },
    },
  ]
}

function personBlocks(explanation: Explanation, model: Model | undefined): readonly ReportBlock[] {
  const person = explanation.people[0]
  if (!person) return []
  const threshold = model?.threshold
  const needs = threshold === undefined ? '' : `, needs ${formatNumber(threshold, 2)}`
  const digits = threshold === undefined ? 2 : tellingDigits(person.score, threshold, 2)
  const who = person.id === undefined ? `The person in row ${person.row + 1}` : `Person ${person.id}`
  const score =
    explanation.space === 'target' ? formatNumber(person.score) : `score ${formatNumber(person.score, digits)}${needs}`
  const reasons = [...person.contributions]
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, shownReasons)
    .map((reason) => ({ ...reason, feature: spaced(reason.feature) }))
  return [
    {
      block: 'person',
      title: 'One person, explained',
      text: `${who}: ${person.outcome} (${score}). What pushed the score up or down, against the average person:`,
      reasons,
      ...(person.note ? { note: person.note } : {}),
    },
  ]
}

/** What counts in general beside what counted for one person. */
export function explanationBlocks(explanation: Explanation, model: Model | undefined): readonly ReportBlock[] {
  const left = driversBlocks(explanation)
  const right = personBlocks(explanation, model)
  return right.length > 0 ? [{ block: 'columns', left, right }] : left
}
