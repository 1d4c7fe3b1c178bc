import type { ReportBlock } from '#contract'
import { escapeHtml } from './escape.ts'

/** On paper only so many of the others are named. */
const named = 2

/** What the app offers to put on the canvas; on paper its name and what it is. */
export function nodeBlock({ title, text, others = [] }: Extract<ReportBlock, { block: 'node' }>): string {
  return [{ title, text }, ...others.slice(0, named)]
    .map((offer) => `<p class="b-text"><b>${escapeHtml(offer.title)}</b> ${escapeHtml(offer.text)}</p>`)
    .join('')
}
