import type { ReportBlock } from '#contract'
import { escapeHtml } from './escape.ts'
import { estimateDigits, formatAs, formatCount, formatInterval } from './format-number.ts'

/** One figure with its interval, its number of rows and what it is measured against. */
export function metricBlock(block: Extract<ReportBlock, { block: 'metric' }>): string {
  const { estimate, format = 'number', against } = block
  const digits = format === 'number' ? estimateDigits(estimate) : undefined
  const interval = formatInterval(estimate, format, digits)
  const facts = [
    interval ? `95\u00a0% interval ${interval}` : '',
    estimate.n === undefined ? '' : formatCount(estimate.n, 'row'),
    against ? `${against.label} ${formatAs(format, against.value, digits)}` : '',
  ].filter(Boolean)
  return [
    '<div class="b-metric">',
    `<span class="b-metric-label">${escapeHtml(block.label)}</span>`,
    `<b class="b-metric-value">${formatAs(format, estimate.value, digits)}</b>`,
    facts.length ? `<span class="b-metric-facts">${facts.map(escapeHtml).join(' · ')}</span>` : '',
    '</div>',
  ].join('')
}
