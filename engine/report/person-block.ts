import type { ReportBlock } from '#contract'
import { escapeHtml, inlineHtml } from './escape.ts'
import { formatSigned } from './format-number.ts'
import { place } from './svg.ts'

type PersonBlock = Extract<ReportBlock, { block: 'person' }>

/** A bar left or right of a middle line, 96 wide; the number stands beside it. */
function pushBar(share: number): string {
  const length = Math.max(Math.abs(share) * 46, 1)
  const x = share < 0 ? 48 - length : 48
  return `<svg class="b-push" aria-hidden="true" width="96" height="14" viewBox="0 0 96 14"><path d="M48 0V14" class="b-zero"/><rect x="${place(x)}" y="2" width="${place(length)}" height="10" rx="2" class="b-solid ${share < 0 ? 'bad' : 'ok'}"/></svg>`
}

function digitsOf(largest: number): number {
  return largest >= 10 ? 1 : largest >= 0.05 ? 2 : 3
}

/** One person: what was decided and which of their values pushed the score up or down. */
export function personBlock(block: PersonBlock): string {
  const largest = Math.max(...block.reasons.map((reason) => Math.abs(reason.contribution)), 0)
  const digits = digitsOf(largest)
  const rows = block.reasons.map((reason) => {
    const tone = reason.contribution < 0 ? 'bad' : 'ok'
    return `<tr><th scope="row">${escapeHtml(reason.feature)} <span class="b-gate-value">${escapeHtml(reason.value)}</span></th><td class="b-push-cell">${pushBar(reason.contribution / (largest || 1))}</td><td class="num"><b class="tone-${tone}">${formatSigned(reason.contribution, digits)}</b></td></tr>`
  })
  const table = `<table class="b-table"><caption class="b-hidden">What pushed the score</caption><thead class="b-hidden"><tr><th scope="col">Feature and value</th><th scope="col">Direction</th><th scope="col">Contribution</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  const note = block.note ? `<p class="b-under">${inlineHtml(block.note)}</p>` : ''
  return `<h2 class="b-heading">${escapeHtml(block.title)}</h2><p class="b-text">${inlineHtml(block.text)}</p>${table}${note}`
}
