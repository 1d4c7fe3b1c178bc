import type { BlockCell, Estimate, Fairness, FairnessAttribute, GroupFigures, ReportBlock } from '#contract'
import { estimateDigits, formatCount, formatNumber, formatPercent } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { isBelow, straddles } from './findings.ts'
import { capital, groupLabel, type Wording } from './wording.ts'

const people = (rows: number) => formatCount(rows, 'person', 'people')

function rateRow(attribute: FairnessAttribute, group: GroupFigures, fairness: Fairness, wording: Wording) {
  const reference = attribute.groups.find((other) => other.reference)
  const limit = reference?.rate.value == null ? undefined : reference.rate.value * fairness.ratioLimit
  const below = isBelow(group, fairness.ratioLimit)
  const remark = group.small ? 'too few to be sure' : below ? 'below the limit' : ''
  return {
    label: `${groupLabel(attribute, group, wording)}${group.reference ? ' · reference' : ''}`,
    estimate: group.rate,
    note: [people(group.rows), remark].filter(Boolean).join(' · '),
    ...(limit === undefined || group.reference ? {} : { limit }),
    ...(below ? { tone: group.small ? ('stale' as const) : ('bad' as const) } : {}),
  }
}

/** Bars by group with their intervals and the line of the ratio limit. */
export function ratesBlocks(fairness: Fairness, wording: Wording): readonly ReportBlock[] {
  const where = fairness.scope === 'labels' ? ' in the data' : ''
  const title = `${wording.question}${where}`
  const fifths = Math.abs(fairness.ratioLimit - 0.8) < 1e-9
  const line = fifths
    ? 'four fifths of the reference group’s rate'
    : `${formatPercent(fairness.ratioLimit)} of the reference group’s rate`
  return [
    {
      block: 'heading',
      text: title,
      note: `Bar: share ${wording.adjective}. Whisker: 95\u00a0% interval. Dashed line: ${line}.`,
    },
    {
      block: 'chart',
      title,
      chart: {
        type: 'bars',
        format: 'percent',
        rows: fairness.attributes.flatMap((attribute) =>
          attribute.groups.map((group) => rateRow(attribute, group, fairness, wording)),
        ),
      },
    },
  ]
}

type Figure = readonly [title: string, of: (group: GroupFigures) => Estimate | undefined]

const figures = (wording: Wording): readonly Figure[] => [
  [capital(wording.adjective), (group) => group.rate],
  ['Ratio', (group) => (group.reference ? { value: 1 } : group.ratio)],
  ['True positive rate', (group) => group.truePositiveRate],
  ['False positive rate', (group) => group.falsePositiveRate],
  ['Precision', (group) => group.precision],
  ['Calibration error', (group) => group.calibrationError],
]

/** The ratio with more decimals, where those of its column would show it at the limit. */
function exactly(group: GroupFigures, limit: number): string {
  const least = estimateDigits(group.ratio)
  const digits = tellingDigits(group.ratio.value!, limit, least)
  return digits > least ? `${formatNumber(group.ratio.value, digits)}, ` : ''
}

function remark(group: GroupFigures, limit: number): BlockCell {
  const below = isBelow(group, limit)
  if (group.small) return { text: 'too few to be sure', tone: 'stale' }
  if (below) {
    const chance = straddles(group, limit) ? ', could be chance' : ''
    return { text: `${exactly(group, limit)}below ${formatNumber(limit, 2)}${chance}`, tone: 'bad' }
  }
  return straddles(group, limit) ? { text: 'interval reaches below', tone: 'stale' } : ''
}

/** A table of attributes: groups down, figures across; figures that no group has are left out. */
export function groupTable(
  attributes: readonly FairnessAttribute[],
  fairness: Fairness,
  wording: Wording,
): Extract<ReportBlock, { block: 'table' }> {
  const groups = attributes.flatMap((attribute) => attribute.groups.map((group) => ({ attribute, group })))
  const shown = figures(wording).filter(([, of]) => groups.some(({ group }) => of(group)))
  return {
    block: 'table',
    columns: ['Group', 'People', ...shown.map(([title]) => title), 'Remark'],
    rows: groups.map(({ attribute, group }) => [
      `${groupLabel(attribute, group, wording)}${group.reference ? ' · reference' : ''}`,
      group.rows,
      ...shown.map(([, of]) => of(group) ?? null),
      remark(group, fairness.ratioLimit),
    ]),
  }
}

export function faresBlocks(fairness: Fairness, wording: Wording): readonly ReportBlock[] {
  const blocks: ReportBlock[] = [
    {
      block: 'heading',
      text: fairness.scope === 'labels' ? 'How each group fares in the data' : 'How each group fares',
      note: 'Ratio: the group’s rate over that of its reference group, also called disparate impact. Below each figure its 95\u00a0% interval.',
    },
    groupTable(fairness.attributes, fairness, wording),
  ]
  const crossed = worstCrossings(fairness)
  if (crossed.shown.length === 0) return blocks
  const hidden = crossed.left > 0 ? { note: `${formatCount(crossed.left, 'more group')} with a higher ratio.` } : {}
  return [
    ...blocks,
    { ...groupTable(crossed.shown, fairness, wording), title: 'Where protected groups meet', ...hidden },
  ]
}

const shownCrossings = 12

/** Groups where two protected columns meet: the lowest ratios of those large enough, with their reference groups. */
function worstCrossings(fairness: Fairness): { readonly shown: readonly FairnessAttribute[]; readonly left: number } {
  const judged = fairness.intersections.flatMap((attribute) =>
    attribute.groups.filter((group) => !group.small && !group.reference && group.ratio.value !== null),
  )
  const worst = new Set([...judged].sort((a, b) => a.ratio.value! - b.ratio.value!).slice(0, shownCrossings))
  const shown = fairness.intersections
    .map((attribute) => ({
      columns: attribute.columns,
      groups: attribute.groups.some((group) => worst.has(group))
        ? attribute.groups.filter((group) => group.reference || worst.has(group))
        : [],
    }))
    .filter((attribute) => attribute.groups.length > 0)
  return { shown, left: judged.length - worst.size }
}
