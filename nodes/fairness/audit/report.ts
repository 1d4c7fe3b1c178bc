import type { BlockCell, CardFact, Column, Evaluation, Fairness, Hash, Metric, Model, ReportBlock } from '#contract'
import { missingGroup } from '#ml/fairness/protected-groups'
import { formatInteger, formatNumber } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { comparisons, findingSentence, isBelow, straddles, worstFinding } from '../report/findings.ts'
import { faresBlocks, ratesBlocks } from '../report/group-blocks.ts'
import { groupPeople, spaced, type Wording, wordingFor } from '../report/wording.ts'

export function auditCard({ fairness }: Evaluation): CardFact {
  const worst = fairness && worstFinding(fairness)
  if (!fairness || !worst) return { text: 'No two groups to compare' }
  const below = isBelow(worst.group, fairness.ratioLimit)
  const ratio = worst.group.ratio.value!
  const groups = worst.attribute.groups
  const few = worst.group.small ? ' (few people)' : ''
  const what = `${worst.attribute.columns.map(spaced).join(' × ')} ratio${few}`
  return {
    text: `**${formatNumber(ratio, tellingDigits(ratio, fairness.ratioLimit, 2))}** ${what}, needs ${formatNumber(fairness.ratioLimit, 2)}`,
    tone: worst.group.small ? 'stale' : below ? 'bad' : 'ok',
    picture: {
      type: 'bars',
      values: groups.map(({ rate }) => rate.value ?? 0),
      tones: groups.map((group) => (isBelow(group, fairness.ratioLimit) ? 'bad' : 'mute')),
    },
  }
}

export function auditReport(
  evaluation: Evaluation,
  model: Model | undefined,
  columns: readonly Column[],
): ReportBlock[] {
  const { fairness } = evaluation
  if (!fairness) return []
  const words = wordingFor(fairness, model, '', [])
  return [
    ...findings(fairness, words),
    ...ratesBlocks(fairness, words).map((block) => linkGroups(block, evaluation.table, fairness, columns)),
    ...faresBlocks(fairness, words),
    ...gapTables(evaluation),
    ...individualTable(evaluation.metrics),
  ]
}

/** The bars of groups with the rows they stand for, so that these can be chosen in them. */
function linkGroups(
  block: ReportBlock,
  table: Hash,
  { attributes }: Fairness,
  columns: readonly Column[],
): ReportBlock {
  if (block.block !== 'chart') return block
  const bars = attributes.flatMap((attribute) =>
    attribute.groups.map(({ group }) => {
      const column = columns.find(({ name }) => attribute.columns.length === 1 && name === attribute.columns[0])
      if (column?.type === 'boolean') return [{ column: column.name, values: [group === 'true'] }]
      if (column?.type !== 'text') return null
      return [{ column: column.name, ...(group === missingGroup ? { missing: true as const } : { values: [group] }) }]
    }),
  )
  return { ...block, rows: { table, bars } }
}

/** The worst group in words, every other group that falls below, and those whose interval reaches over the limit. */
function findings(fairness: Fairness, words: Wording): ReportBlock[] {
  const worst = worstFinding(fairness)
  if (!worst) return [{ block: 'text', text: 'No two groups could be compared.', tone: 'stale' }]
  const below = comparisons(fairness).filter(({ group }) => isBelow(group, fairness.ratioLimit))
  const others = below.filter((finding) => finding.group !== worst.group && !finding.group.small)
  const close = comparisons(fairness).filter(
    ({ group }) => !isBelow(group, fairness.ratioLimit) && !group.small && straddles(group, fairness.ratioLimit),
  )
  const few = fairness.attributes.flatMap(({ groups }) => groups).filter(({ small }) => small).length
  return [
    {
      block: 'text',
      text: findingSentence(worst, fairness, words),
      ...(isBelow(worst.group, fairness.ratioLimit) && {
        tone: worst.group.small ? ('stale' as const) : ('bad' as const),
      }),
    },
    ...others.map(
      (finding): ReportBlock => ({ block: 'text', text: findingSentence(finding, fairness, words), tone: 'bad' }),
    ),
    ...close.map(
      ({ attribute, group }): ReportBlock => ({
        block: 'text',
        tone: 'stale',
        text: `For ${groupPeople(attribute, group, words)} the ratio holds, but its interval reaches below the limit: more people could turn the verdict.`,
      }),
    ),
    ...(few > 0
      ? [
          {
            block: 'text' as const,
            tone: 'stale' as const,
            text: `${formatInteger(few)} ${few === 1 ? 'group is' : 'groups are'} too small to judge by and ${few === 1 ? 'counts' : 'count'} only where a column has no other.`,
          },
        ]
      : []),
  ]
}

const gapNames = {
  parity: 'Parity',
  'equal-opportunity': 'Equal opportunity',
  'equalised-odds': 'Equalised odds',
  'average-odds': 'Average odds',
  'predictive-parity': 'Predictive parity',
  'false-omission': 'False omission',
  calibration: 'Worst calibration error',
} as const

/** Gaps across, attributes down. */
function gapTables({ metrics, fairness }: Evaluation): ReportBlock[] {
  const attributes = [...fairness!.attributes, ...fairness!.intersections]
  const find = (name: string, columns: readonly string[]) =>
    metrics.find((metric) => metric.name === `fairness.${name}.${columns.join('+')}`)
  const shown = Object.entries(gapNames).filter(([name]) => attributes.some(({ columns }) => find(name, columns)))
  return [
    {
      block: 'table',
      title: 'Largest gaps between groups',
      columns: ['Protected', ...shown.map(([, title]) => title)],
      rows: attributes.map(({ columns }): BlockCell[] => [
        columns.map(spaced).join(' × '),
        ...shown.map(([name]) => estimate(find(name, columns))),
      ]),
      note: 'Each gap is the largest difference between two groups that are large enough; 0 is even. Intervals are for those two groups alone.',
    },
  ]
}

const estimate = (metric: Metric | undefined): BlockCell => {
  if (!metric) return null
  const { value, low, high, n } = metric
  return {
    value,
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    ...(n !== undefined && { n }),
  }
}

const meanings: Readonly<Record<string, string>> = {
  'fairness.theil': 'How unequally wrong decisions fall on people; 0 is even',
  'fairness.generalised-entropy': 'The same, with more weight on large differences; 0 is even',
  'fairness.consistency': 'How alike a person and their five nearest neighbours are decided; 1 is always',
}

function individualTable(metrics: readonly Metric[]): ReportBlock[] {
  const rows = metrics.filter(({ name }) => meanings[name])
  if (rows.length === 0) return []
  return [
    {
      block: 'table',
      title: 'Between single people',
      columns: ['Figure', 'Value', 'Meaning'],
      rows: rows.map((metric) => [metric.label, estimate(metric), meanings[metric.name]!]),
    },
  ]
}
