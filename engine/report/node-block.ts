import type { ReportBlock } from '#contract'
import { escapeHtml } from './escape.ts'

/** What the app offers to put on the canvas; on paper its name and what it is. */
export function nodeBlock({ title, text }: Extract<ReportBlock, { block: 'node' }>): string {
  return `<p class="b-text"><b>${escapeHtml(title)}</b> ${escapeHtml(text)}</p>`
}
