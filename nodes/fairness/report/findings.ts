import type { Fairness, FairnessAttribute, GroupFigures } from '#contract'
import { formatInteger, formatInterval, formatPercent } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { capital, groupPeople, type Wording } from './wording.ts'

export interface Finding {
  readonly attribute: FairnessAttribute
  readonly group: GroupFigures
  readonly reference: GroupFigures
}

/** Every group that is compared with another, in the order of the audit. */
export function comparisons(fairness: Fairness): readonly Finding[] {
  return fairness.attributes.flatMap((attribute) => {
    const reference = attribute.groups.find((group) => group.reference)
    if (!reference) return []
    return attribute.groups
      .filter((group) => !group.reference && group.ratio.value !== null)
      .map((group) => ({ attribute, group, reference }))
  })
}

/** The group furthest below its reference; of a column's groups those too small to judge count only when it has no other. */
export function worstFinding(fairness: Fairness): Finding | undefined {
  const pool = fairness.attributes.flatMap((attribute) => {
    const all = comparisons({ ...fairness, attributes: [attribute] })
    const judged = all.filter((finding) => !finding.group.small)
    return judged.length > 0 ? judged : all
  })
  return pool.reduce<Finding | undefined>(
    (worst, finding) => (worst && worst.group.ratio.value! <= finding.group.ratio.value! ? worst : finding),
    undefined,
  )
}

/** Below the limit by its point estimate, which decides. */
export function isBelow(group: GroupFigures, limit: number): boolean {
  return !group.reference && group.ratio.value !== null && group.ratio.value < limit
}

/** The interval reaches over the limit, so that chance alone could have turned the verdict. */
export function straddles(group: GroupFigures, limit: number): boolean {
  const { low, high } = group.ratio
  return !group.reference && low !== undefined && high !== undefined && low < limit && high >= limit
}

function ruleSentence(limit: number): string {
  const least = formatPercent(limit)
  return Math.abs(limit - 0.8) < 1e-9
    ? `The four-fifths rule asks for at least ${least}.`
    : `The limit of this audit is ${least}.`
}

function ratioText(ratio: number, limit: number): string {
  return formatPercent(ratio, tellingDigits(ratio * 100, limit * 100, 0))
}

/** The worst group in words: its ratio with interval, the rule, and how far the figure can be trusted. */
export function findingSentence(finding: Finding, fairness: Fairness, wording: Wording): string {
  const { attribute, group, reference } = finding
  const interval = formatInterval(group.ratio, 'percent')
  const among = fairness.scope === 'labels' ? ' in the data' : ''
  const sentences = [
    `${capital(groupPeople(attribute, group, wording))} ${wording.verb}${among} at **${ratioText(group.ratio.value!, fairness.ratioLimit)}** of the rate of ${groupPeople(attribute, reference, wording)}${interval ? ` (95\u00a0% interval ${interval})` : ''}.`,
    ruleSentence(fairness.ratioLimit),
  ]
  if (group.small) sentences.push(`These are ${formatInteger(group.rows)} people: too few to be sure.`)
  else if (straddles(group, fairness.ratioLimit))
    sentences.push('The interval reaches over the limit, so chance alone could explain which side it falls on.')
  return sentences.join(' ')
}
