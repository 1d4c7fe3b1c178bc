import type { ReportBlock } from '#contract'
import { escapeHtml } from './escape.ts'
import { verdictSigns } from './verdict-sign.ts'

export function gatesBlock(block: Extract<ReportBlock, { block: 'gates' }>): string {
  const gates = block.gates.map((gate) => {
    const { glyph, word, tone } = verdictSigns[gate.verdict]
    const value = gate.value ? ` <span class="b-gate-value">${escapeHtml(gate.value)}</span>` : ''
    return `<li class="b-gate ${tone}"><span aria-hidden="true" class="tone-${tone}">${glyph}</span><span class="b-hidden">${word}: </span> ${escapeHtml(gate.label)}${value}</li>`
  })
  return `<ul class="b-gates" aria-label="Gates">${gates.join('')}</ul>`
}
