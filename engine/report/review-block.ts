import type { ReportBlock, Review } from '#contract'
import { escapeHtml } from './escape.ts'

type ReviewBlock = Extract<ReportBlock, { block: 'review' }>

const decisions: readonly (readonly [Review['decision'], string])[] = [
  ['approve', 'Approve'],
  ['approve-with-conditions', 'Approve with conditions'],
  ['reject', 'Reject'],
]
const opinions: readonly (readonly [Review['features'][number]['opinion'], string])[] = [
  ['fine', 'Fine'],
  ['keep', 'Keep it'],
  ['ask', 'Ask me'],
]

function choice(name: string, value: string, label: string): string {
  return `<label class="b-choice"><input type="radio" name="${escapeHtml(name)}" value="${value}">${label}</label>`
}

function opinionRow(feature: ReviewBlock['features'][number], i: number): string {
  const choices = opinions.map(([value, label]) => choice(`feature-${i}`, value, label)).join('')
  const legend = `<legend class="b-hidden">Your opinion on dropping ${escapeHtml(feature.feature)}</legend>`
  return `<tr><td>${escapeHtml(feature.step)}</td><th scope="row">${escapeHtml(feature.feature)}</th><td>${escapeHtml(feature.reason)}</td><td><fieldset class="b-choices" data-feature="${escapeHtml(feature.feature)}">${legend}${choices}</fieldset></td></tr>`
}

function featureTable(block: ReviewBlock): string {
  if (block.features.length === 0) return ''
  const rows = block.features.map(opinionRow).join('')
  return `<h2 class="b-heading">Features dropped on the way, for your opinion</h2><table class="b-table"><thead><tr><th scope="col">Step</th><th scope="col">Dropped</th><th scope="col">Why</th><th scope="col">Your opinion</th></tr></thead><tbody>${rows}</tbody></table>`
}

const field = (id: string, label: string, attributes: string, hint = '') =>
  `<p class="b-field"><label for="review-${id}">${label}${hint ? ` <span class="b-gate-value">${hint}</span>` : ''}</label><input id="review-${id}" name="${id}" ${attributes}><span class="b-error" id="review-${id}-error" role="alert"></span></p>`

/** The form of the offline report. Its script (review-script.ts) saves what was filled in as a file. */
export function reviewBlock(block: ReviewBlock): string {
  const choices = decisions.map(([value, label]) => choice('decision', value, label)).join('')
  return [
    `<form class="b-review" id="review" novalidate data-evaluation="${escapeHtml(block.evaluationHash)}" data-model="${escapeHtml(block.modelHash)}">`,
    featureTable(block),
    '<h2 class="b-heading">Your review</h2>',
    '<p class="b-under">Everything stays on this computer. Saving makes a small file; send it back, or drop it on Plumbline.</p>',
    '<div class="b-columns"><div>',
    field('reviewer', 'Name', 'type="text" autocomplete="name" required aria-describedby="review-reviewer-error"'),
    field('role', 'Role', 'type="text" autocomplete="organization-title"', 'optional'),
    '</div><div>',
    `<fieldset class="b-choices b-decision" aria-describedby="review-decision-error"><legend>Decision</legend>${choices}</fieldset>`,
    '<p class="b-error" id="review-decision-error" role="alert"></p>',
    '</div></div>',
    '<p class="b-field"><label for="review-comment">Comment <span class="b-gate-value">what you checked, what you ask for</span></label><textarea id="review-comment" name="comment" rows="4" aria-describedby="review-comment-error"></textarea><span class="b-error" id="review-comment-error" role="alert"></span></p>',
    '<p class="b-actions"><button type="submit" class="b-button">Save review file</button> <span class="b-gate-value" id="review-status" role="status"></span></p>',
    '<noscript><p class="b-text tone-stale">Scripts are off in this reader, so the form can not save a file. Open the report in a browser instead.</p></noscript>',
    '</form>',
  ].join('')
}
