import type { Estimate, Fairness, Release, ReportBlock } from '#contract'
import { estimateDigits, formatNumber } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { findingSentence, isBelow, worstFinding } from './findings.ts'
import { spaced, type Wording } from './wording.ts'

/** What was decided and why. Without a release there is no verdict, just the finding. */
export function verdictBlocks(
  fairness: Fairness,
  release: Release | undefined,
  wording: Wording,
): readonly ReportBlock[] {
  const worst = worstFinding(fairness)
  const sentence = worst ? findingSentence(worst, fairness, wording) : 'No group could be compared with another.'
  if (!release) {
    const tone = worst && isBelow(worst.group, fairness.ratioLimit) ? ('bad' as const) : undefined
    return [{ block: 'text', text: sentence, ...(tone ? { tone } : {}) }]
  }
  const figure = worst && {
    value: ratioFigure(worst.group.ratio, fairness.ratioLimit),
    label: `${worst.attribute.columns.map(spaced).join(' × ')} ratio`,
  }
  return [
    {
      block: 'verdict',
      verdict: release.verdict,
      title: release.sentence,
      text: sentence,
      ...(figure ? { figure } : {}),
    },
    ...gateBlocks(release),
  ]
}

function ratioFigure(ratio: Estimate, limit: number): string {
  return formatNumber(ratio.value, tellingDigits(ratio.value ?? 0, limit, estimateDigits(ratio)))
}

function gateBlocks(release: Release): readonly ReportBlock[] {
  if (release.checks.length === 0) return []
  const gates = release.checks.map((check) => {
    const least = Math.max(estimateDigits(check.estimate), 2)
    const digits = tellingDigits(check.estimate.value ?? 0, check.limit, least)
    const value = check.estimate.value === null ? 'no value' : formatNumber(check.estimate.value, digits)
    const sign = check.operator === '>=' ? '≥' : '≤'
    const holds = check.verdict === 'fail' ? `needs ${sign}` : sign
    return { label: check.label, verdict: check.verdict, value: `${value} ${holds} ${formatNumber(check.limit, 2)}` }
  })
  return [{ block: 'gates', gates }]
}
