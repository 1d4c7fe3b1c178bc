import type {
  AlikePeople,
  CardFact,
  Evaluation,
  GroupReasons,
  Model,
  PersonReasons,
  ReasonCodes,
  ReportBlock,
} from '#contract'
import { formatCount, formatInteger, formatNumber, formatPercent, formatSigned } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { capital, spaced, type Wording, wordingFor } from '../../fairness/report/wording.ts'
import { widestAlikeGap, widestGap } from './group-reasons.ts'

type Attribute = ReasonCodes['attributes'][number]

const shownPeople = 3
const shownFeatures = 8
const shownGroups = 6
const significant = 0.05

export function reasonsCard({ reasons, rows }: Evaluation): CardFact {
  const { refused, features, attributes } = reasons!
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
  const words = wordingFor(codes, model, '', [])
  return [
    {
      block: 'heading',
      text: 'Why people are decided so',
      note: `${codes.method} over ${formatCount(rows, 'person', 'people')}, of whom ${formatInteger(codes.refused)} are not ${words.adjective}.`,
    },
    ...groupBlocks(codes, words),
    ...peopleBlocks(codes, words),
  ]
}

/** Whether groups are refused for different reasons, column by column. */
export function groupBlocks(codes: ReasonCodes, words: Wording): ReportBlock[] {
  if (codes.refused === 0)
    return [{ block: 'text', text: `Nobody is not ${words.adjective}: there is no reason to give.` }]
  if (codes.attributes.length === 0) return [withoutGroups(codes, words)]
  return codes.attributes.flatMap((attribute) => attributeBlocks(attribute, codes, words))
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

/** A few people in full, with those most like them. */
function peopleBlocks(codes: ReasonCodes, words: Wording): ReportBlock[] {
  const { people } = codes
  if (people.length === 0) return []
  return [
    { block: 'heading', text: 'Single people' },
    ...people.slice(0, shownPeople).flatMap((person) => [personBlock(person, codes, words), ...alikeBlocks(person)]),
    ...(people.length > shownPeople ? [otherPeople(people.slice(shownPeople), codes.limit)] : []),
  ]
}

const nameOf = ({ row, id }: { readonly row: number; readonly id?: string }) => id ?? `row ${formatInteger(row + 1)}`

function personBlock(person: PersonReasons, { limit, space, method }: ReasonCodes, words: Wording): ReportBlock {
  const digits = tellingDigits(person.score, limit, 2)
  const outcome = person.favourable ? words.adjective : `not ${words.adjective}`
  const told = person.reasons.map((reason, at) => `${at + 1}. ${reason.words}.`).join(' ')
  return {
    block: 'person',
    title: `${capital(nameOf(person))}: ${outcome}`,
    text: `Score ${formatNumber(person.score, digits)}, needs ${formatNumber(limit, 2)}. ${told || 'No feature spoke for the decision.'}`,
    reasons: person.reasons.map(({ feature, value, contribution }) => ({
      feature: spaced(feature),
      value,
      contribution,
    })),
    note: [`${method}, towards the favourable outcome, on the ${space}.`, alikeSentence(person.alike)]
      .filter(Boolean)
      .join(' '),
  }
}

function alikeSentence(alike: PersonReasons['alike']): string {
  const share = ({ rows, favourable }: AlikePeople) =>
    favourable === null ? 'nobody' : `${formatInteger(Math.round(favourable * rows))} of ${formatInteger(rows)}`
  const listed = alike.map(
    ({ column, group, same, other }) => `${spaced(column)} ${group} ${share(same)}, other groups ${share(other)}`,
  )
  return listed.length === 0 ? '' : `Favourable among those most alike: ${listed.join('; ')}.`
}

/** People alike by the column in which others fare most differently; each with what is not as with the person. */
function alikeBlocks(person: PersonReasons): ReportBlock[] {
  const gap = ({ same, other }: PersonReasons['alike'][number]) => (other.favourable ?? 0) - (same.favourable ?? 0)
  const [widest] = [...person.alike].sort((a, b) => Math.abs(gap(b)) - Math.abs(gap(a)))
  if (!widest || widest.same.rows + widest.other.rows === 0) return []
  const { column, group, same, other } = widest
  const people = [...same.nearest, ...other.nearest]
  const own = new Map(people.flatMap(({ differs }) => differs.map(({ feature, own: value }) => [feature, value])))
  const decision = (favourable: boolean) =>
    favourable ? { text: 'favourable', tone: 'ok' as const } : { text: 'unfavourable' }
  const said = (values: Iterable<readonly [string, string]>) =>
    Array.from(values, ([feature, value]) => `${spaced(feature)} ${value}`).join(', ')
  return [
    {
      block: 'table',
      title: `${nameOf(person)} and those most alike, ${spaced(column)} ${group} and others`,
      columns: ['Who', capital(spaced(column)), 'Decision', 'Score', 'Distance', 'What differs'],
      rows: [
        [nameOf(person), group, decision(person.favourable), formatNumber(person.score, 2), '', said(own)],
        ...people.map((one) => [
          nameOf(one),
          one.group,
          decision(one.favourable),
          formatNumber(one.score, 2),
          formatNumber(one.distance, 2),
          said(one.differs.map(({ feature, theirs }) => [feature, theirs] as const)) || 'nothing',
        ]),
      ],
      note: 'Distance: over all features that move the model, each in standard deviations.',
    },
  ]
}

function otherPeople(people: readonly PersonReasons[], limit: number): ReportBlock {
  return {
    block: 'table',
    title: 'More people',
    columns: ['Who', 'Score', 'Reasons'],
    rows: people.map((person) => [
      nameOf(person),
      formatNumber(person.score, tellingDigits(person.score, limit, 2)),
      person.reasons.map(({ feature, contribution }) => `${spaced(feature)} ${formatSigned(contribution)}`).join(', '),
    ]),
    note: 'The table at the node’s output has everybody who was asked for.',
  }
}
