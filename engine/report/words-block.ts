import type { ReportBlock } from '#contract'
import { escapeHtml, inlineHtml } from './escape.ts'
import { formatSigned } from './format-number.ts'

type WordsBlock = Extract<ReportBlock, { block: 'words' }>

/** Steps of strength that a mark has a class for. */
const steps = 5

/** A text whose words are tinted by how much they push and in what direction; each says its number. */
export function wordsBlock({ title, text, parts, note }: WordsBlock): string {
  const largest = Math.max(...parts.map(({ contribution }) => Math.abs(contribution)), 0)
  const words = parts.map((part) => {
    const step = largest > 0 ? Math.round((Math.abs(part.contribution) / largest) * steps) : 0
    if (step === 0) return escapeHtml(part.text)
    const said = formatSigned(part.contribution)
    const tone = part.contribution < 0 ? 'bad' : 'ok'
    return `<mark class="b-word ${tone} w${step}" title="${said}">${escapeHtml(part.text)}<span class="b-hidden"> (${said})</span></mark>`
  })
  const under = note ? `<p class="b-under">${inlineHtml(note)}</p>` : ''
  return `<h2 class="b-heading">${escapeHtml(title)}</h2><p class="b-text">${inlineHtml(text)}</p><blockquote class="b-words">${words.join('')}</blockquote>${under}`
}
