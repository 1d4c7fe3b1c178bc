import type { CardFact, Evaluation, GroupReasons, Model, ReasonCodes, ReportBlock } from '#contract'
import { formatCount, formatInteger, formatNumber, formatPercent } from '#report/format-number'
import { capital, spaced, type Wording } from '../../fairness/report/wording.ts'
import { widestAlikeGap, widestGap } from './group-reasons.ts'
import { peopleBlocks } from './person-report.ts'
import { nounsOf, reasonWording } from './wording.ts'

type Attribute = ReasonCodes['attributes'][number]

/** Those who miss the favourable outcome, in a word. */
const missed = ({ kind, unfavourable }: ReasonCodes) => (kind === 'number' ? `${unfavourable} the base` : 'refused')

const shownFeatures = 8
const shownGroups = 6
const significant = 0.05

export function reasonsCard({ reasons, rows }: Evaluation): CardFact {
  const { kind, refused, features, attributes } = reasons!
  if (kind === 'given')
    return { text: `First reason most often: **${spaced(features[0] ?? 'none')}**, ${formatCount(rows, 'row')}` }
  if (refused === 0) return { text: `Nobody of ${formatCount(rows, 'person', 'people')} is ${missed(reasons!)}` }
  const unlike = attributes.find(({ test }) => test && test.pValue < significant)
  const wide = unlike && widestGap(features, unlike)
  if (wide)
    return {
      text: `**${spaced(wide.feature)}** is the first reason for ${formatPercent(wide.own.value)} of ${wide.group}, ${formatPercent(wide.others.value)} of others`,
      tone: 'bad',
      picture: { type: 'rows', values: [wide.own.value ?? 0, wide.others.value ?? 0] },
    }
  return {
    text: `First reason most often: **${spaced(features[0] ?? 'none')}**, ${formatInteger(refused)} ${missed(reasons!)}`,
  }
}

/** Reasons of groups, then of single people, each with people alike. */
export function reasonsReport({ reasons, rows }: Evaluation, model: Model): ReportBlock[] {
  const codes = reasons!
  const words = reasonWording(codes, model)
  const heading = {
    two: 'Why people are decided so',
    class: 'Why people are decided so',
    given: words.question,
    number: 'Why predictions are high or low',
  }
  const count = codes.kind === 'given' ? '' : `, of whom ${formatInteger(codes.refused)} are not ${words.adjective}`
  return [
    {
      block: 'heading',
      text: heading[codes.kind ?? 'two'],
      note: `${codes.method} over ${formatCount(rows, ...nounsOf(codes))}${count}.`,
    },
    ...groupBlocks(codes, words),
    ...peopleBlocks(codes, words),
  ]
}

/** Whether groups are refused for different reasons, column by column. */
export function groupBlocks(codes: ReasonCodes, words: Wording): ReportBlock[] {
  if (codes.classes) return [classesTable(codes.features, codes.classes)]
  if (codes.refused === 0)
    return [{ block: 'text', text: `Nobody is not ${words.adjective}: there is no reason to give.` }]
  if (codes.attributes.length === 0) return [withoutGroups(codes, words)]
  return codes.attributes.flatMap((attribute) => attributeBlocks(attribute, codes, words))
}

function classesTable(features: readonly string[], classes: NonNullable<ReasonCodes['classes']>): ReportBlock {
  const shown = classes.toSorted((a, b) => b.rows - a.rows).slice(0, shownGroups)
  const left = classes.length - shown.length
  return {
    block: 'table',
    title: 'First reason, by class given',
    columns: ['Reason', ...shown.map(({ name, rows }) => `${spaced(name)} (${formatInteger(rows)})`)],
    rows: features
      .slice(0, shownFeatures)
      .map((feature, at) => [spaced(feature), ...shown.map(({ first }) => first[at]!)]),
    note: `What speaks most for the class rather than the next likely one, 95 % intervals.${left > 0 ? ` ${formatCount(left, 'smaller class is', 'smaller classes are')} not shown.` : ''} Name a favourable class to compare groups.`,
  }
}

function withoutGroups({ features }: ReasonCodes, words: Wording): ReportBlock {
  return {
    block: 'text',
    text: `The most frequent first reasons of those not ${words.adjective}: ${features.slice(0, shownFeatures).map(spaced).join(', ')}. No column is protected, so groups are not compared.`,
  }
}

function attributeBlocks(attribute: Attribute, codes: ReasonCodes, words: Wording): ReportBlock[] {
  const { column } = attribute
  const groups = [...attribute.groups].sort((a, b) => b.refused - a.refused).slice(0, shownGroups)
  const left = attribute.groups.length - groups.length
  const finding = findingOf(attribute, codes)
  return [
    { block: 'heading', text: `First reasons by ${spaced(column)}` },
    { block: 'text', ...finding },
    {
      block: 'table',
      title: `First reason of those not ${words.adjective}`,
      columns: ['Reason', ...groups.map((group) => groupHead(group, column))],
      rows: codes.features
        .slice(0, shownFeatures)
        .map((feature, at) => [spaced(feature), ...groups.map((group) => group.first[at]!)]),
      note: `Share of the group’s ${missed(codes)}, 95 % intervals.${left > 0 ? ` ${formatCount(left, 'smaller group is', 'smaller groups are')} not shown.` : ''}`,
    },
    ...chartOf(attribute, codes),
    {
      block: 'table',
      title: `How those most alike fare`,
      columns: [
        capital(spaced(column)),
        capital(missed(codes)),
        'Alike, same group',
        'Alike, other groups',
        'Difference',
      ],
      rows: groups.map((group) => [
        group.group + (group.small ? ' (few)' : ''),
        formatInteger(group.refused),
        formatPercent(group.alikeSame),
        formatPercent(group.alikeOther),
        group.alikeGap,
      ]),
      note: `Of the ${formatInteger(codes.neighbours)} most like each of them, the mean share who ${words.verb}. Above 0: people like them fare better in other groups.`,
    },
  ]
}

const groupHead = ({ group, refused, small }: GroupReasons, column: string) =>
  `${spaced(column)} ${group} (${formatInteger(refused)}${small ? ', few' : ''})`

function findingOf(attribute: Attribute, codes: ReasonCodes): { text: string; tone?: 'bad' | 'stale' } {
  const { test, column } = attribute
  const { features } = codes
  const wide = widestGap(features, attribute)
  if (!test || !wide)
    return {
      text: `Too few people of different groups of ${spaced(column)} are ${missed(codes)} to compare their reasons.`,
      tone: 'stale',
    }
  const unlike = test.pValue < significant
  const judged = `chi-square test p ${test.pValue < 0.001 ? 'below 0.001' : formatNumber(test.pValue, 3)}, Cramér’s V ${formatNumber(test.cramersV, 2)}`
  const gap = `${spaced(wide.feature)} is the first reason for ${formatPercent(wide.own.value)} of ${spaced(column)} ${wide.group} and for ${formatPercent(wide.others.value)} of the others`
  const alike = widestAlikeGap(attribute)
  const treated =
    alike && (alike.alikeGap.low ?? 0) > 0
      ? ` Of those most like the ${missed(codes)} of ${spaced(column)} ${alike.group}, ${formatPercent(alike.alikeOther)} in other groups ${codes.kind === 'number' ? `are predicted ${codes.favourable} the base` : 'get the favourable outcome'} and ${formatPercent(alike.alikeSame)} in their own.`
      : ''
  const opening = unlike
    ? `Groups of ${spaced(column)} are ${missed(codes)} for different reasons`
    : `No clear difference between the reasons of groups of ${spaced(column)}`
  return {
    text: `${opening} (${judged}): ${gap}.${treated}`,
    ...((unlike || treated !== '') && { tone: 'bad' as const }),
  }
}

/** The reason that differs most, group by group. */
function chartOf(attribute: Attribute, codes: ReasonCodes): ReportBlock[] {
  const { features } = codes
  const wide = widestGap(features, attribute)
  if (!wide) return []
  const at = features.indexOf(wide.feature)
  return [
    {
      block: 'chart',
      title: `First reason: ${spaced(wide.feature)}`,
      chart: {
        type: 'bars',
        format: 'percent',
        x: `share of the ${missed(codes)}`,
        rows: attribute.groups
          .filter(({ small }) => !small)
          .map((group) => ({ label: `${spaced(attribute.column)} ${group.group}`, estimate: group.first[at]! })),
      },
    },
  ]
}
