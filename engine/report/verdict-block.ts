import type { ReportBlock } from '#contract'
import { escapeHtml, inlineHtml } from './escape.ts'
import { verdictSigns } from './verdict-sign.ts'

export function verdictBlock(block: Extract<ReportBlock, { block: 'verdict' }>): string {
  const { glyph, tone } = verdictSigns[block.verdict]
  const figure = block.figure
    ? `<p class="b-figure"><b class="tone-${tone}">${escapeHtml(block.figure.value)}</b><span>${escapeHtml(block.figure.label)}</span></p>`
    : ''
  const text = block.text ? `<p>${inlineHtml(block.text)}</p>` : ''
  return `<section class="b-verdict ${tone}" aria-label="Verdict"><div><h2 class="tone-${tone}"><span aria-hidden="true">${glyph}</span> ${escapeHtml(block.title)}</h2>${text}</div>${figure}</section>`
}
