import type { ReportBlock } from '#contract'
import { inlineHtml } from './escape.ts'

export function headingBlock(block: Extract<ReportBlock, { block: 'heading' }>): string {
  const note = block.note ? `<p class="b-under">${inlineHtml(block.note)}</p>` : ''
  return `<h2 class="b-heading">${inlineHtml(block.text)}</h2>${note}`
}
