import type { ReportBlock } from '#contract'
import { inlineHtml } from './escape.ts'

/** Paragraphs, parted by empty lines. */
export function textBlock(block: Extract<ReportBlock, { block: 'text' }>): string {
  const tone = block.tone ? ` tone-${block.tone}` : ''
  return block.text
    .split(/\n{2,}/)
    .map((paragraph) => `<p class="b-text${tone}">${inlineHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('')
}
