import type { CardFact, Evaluation, GroupReasons, Model, ReasonCodes, ReportBlock } from '#contract'
import { formatCount, formatInteger, formatNumber, formatPercent } from '#report/format-number'
import { capital, spaced, type Wording } from '../../fairness/report/wording.ts'
import { widestAlikeGap, widestGap } from './group-reasons.ts'
import { peopleBlocks } from './person-report.ts'
import { reasonWording } from './wording.ts'

type Attribute = ReasonCodes['attributes'][number]

const shownFeatures = 8
const shownGroups = 6
const significant = 0.05

export function reasonsCard({ reasons, rows }: Evaluation): CardFact {
  const { kind, refused, features, attributes } = reasons!
  if (kind === 'given')
    return { text: `First reason most often: **${spaced(features[0] ?? 'none')}**, ${formatCount(rows, 'row')}` }
  if (kind === 'number' && attributes.length === 0)
    return {
      text: `First reason most often: **${spaced(features[0] ?? 'none')}**, ${formatInteger(refused)} ${reasons!.unfavourable} the base`,
    }
  if (refused === 0) return { text: `Nobody of ${formatCount(rows, 'person', 'people')} is refused` }
  const unlike = attributes.find(({ test }) => test && test.pValue < significant)
  const wide = unlike && widestGap(features, unlike)
  if (wide)
    return {
      text: `**${spaced(wide.feature)}** is the first reason for ${formatPercent(wide.own.value)} of ${wide.group}, ${formatPercent(wide.others.value)} of others`,
      tone: 'bad',
      picture: { type: 'rows', values: [wide.own.value ?? 0, wide.others.value ?? 0] },
    }
  return { text: `First reason most often: **${spaced(features[0] ?? 'none')}**, ${formatInteger(refused)} refused` }
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
      note: `${codes.method} over ${formatCount(rows, 'person', 'people')}${count}.`,
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
      note: `Share of the group’s refused, 95 % intervals.${left > 0 ? ` ${formatCount(left, 'smaller group is', 'smaller groups are')} not shown.` : ''}`,
    },
    ...chartOf(attribute, codes),
    {
      block: 'table',
      title: `How those most alike fare`,
      columns: [capital(spaced(column)), 'Refused', 'Alike, same group', 'Alike, other groups', 'Difference'],
      rows: groups.map((group) => [
        group.group + (group.small ? ' (few)' : ''),
        formatInteger(group.refused),
        formatPercent(group.alikeSame),
        formatPercent(group.alikeOther),
        group.alikeGap,
      ]),
      note: `Of each refused person’s ${formatInteger(codes.neighbours)} most alike, the mean share who ${words.verb}. Above 0: people like them fare better in other groups.`,
    },
  ]
}

const groupHead = ({ group, refused, small }: GroupReasons, column: string) =>
  `${spaced(column)} ${group} (${formatInteger(refused)}${small ? ', few' : ''})`

function findingOf(attribute: Attribute, { features }: ReasonCodes): { text: string; tone?: 'bad' | 'stale' } {
  const { test, column } = attribute
  const wide = widestGap(features, attribute)
  if (!test || !wide)
    return {
      text: `Too few people of different groups of ${spaced(column)} are refused to compare their reasons.`,
      tone: 'stale',
    }
  const unlike = test.pValue < significant
  const judged = `chi-square test p ${test.pValue < 0.001 ? 'below 0.001' : formatNumber(test.pValue, 3)}, Cramér’s V ${formatNumber(test.cramersV, 2)}`
  const gap = `${spaced(wide.feature)} is the first reason for ${formatPercent(wide.own.value)} of ${spaced(column)} ${wide.group} and for ${formatPercent(wide.others.value)} of the others`
  const alike = widestAlikeGap(attribute)
  const treated =
    alike && (alike.alikeGap.low ?? 0) > 0
      ? ` Of those most like the refused of ${spaced(column)} ${alike.group}, ${formatPercent(alike.alikeOther)} in other groups get the favourable outcome and ${formatPercent(alike.alikeSame)} in their own.`
      : ''
  const opening = unlike
    ? `Groups of ${spaced(column)} are refused for different reasons`
    : `No clear difference between the reasons of groups of ${spaced(column)}`
  return {
    text: `${opening} (${judged}): ${gap}.${treated}`,
    ...((unlike || treated !== '') && { tone: 'bad' as const }),
  }
}

/** The reason that differs most, group by group. */
function chartOf(attribute: Attribute, { features }: ReasonCodes): ReportBlock[] {
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
        x: 'share of the refused',
        rows: attribute.groups
          .filter(({ small }) => !small)
          .map((group) => ({ label: `${spaced(attribute.column)} ${group.group}`, estimate: group.first[at]! })),
      },
    },
  ]
}
