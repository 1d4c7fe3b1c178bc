/**
 * The one script of the offline report, allowed by its hash. It reads the form, says in words what is missing, and saves
 * the review as a file; it sends nothing anywhere. Kept as text because the page must carry exactly these bytes.
 */
export const reviewScript = `'use strict'
const form = document.getElementById('review')
const at = (id) => document.getElementById(id)
const chosen = (root, name) => {
  const input = root.querySelector('input[name="' + name + '"]:checked')
  return input ? input.value : ''
}
const say = (id, text, field) => {
  at('review-' + id + '-error').textContent = text
  if (!field) return
  if (text) field.setAttribute('aria-invalid', 'true')
  else field.removeAttribute('aria-invalid')
}
const check = () => {
  const decision = chosen(form, 'decision')
  const name = form.elements.reviewer
  const comment = form.elements.comment
  const missing = []
  const rule = (id, holds, text, field) => {
    say(id, holds ? '' : text, field)
    if (!holds) missing.push(field)
  }
  rule('reviewer', name.value.trim(), 'Write your name, so that the decision has an author.', name)
  rule('decision', decision, 'Choose one of the three decisions.', form.elements.decision[0])
  const conditional = decision === 'approve-with-conditions'
  rule('comment', !conditional || comment.value.trim(), 'Write the conditions.', comment)
  return missing
}
const opinions = () =>
  Array.from(form.querySelectorAll('fieldset[data-feature]'), (set) => {
    const input = set.querySelector('input:checked')
    return input && { feature: set.dataset.feature, opinion: input.value }
  }).filter(Boolean)
const review = () => ({
  format: 1,
  run: document.body.dataset.run,
  evaluationHash: form.dataset.evaluation,
  modelHash: form.dataset.model,
  reviewer: form.elements.reviewer.value.trim(),
  role: form.elements.role.value.trim(),
  decision: chosen(form, 'decision'),
  comment: form.elements.comment.value.trim(),
  features: opinions(),
  at: new Date().toISOString(),
})
const fileName = (name) => {
  const words = name.normalize('NFKD').replace(/[\\u0300-\\u036f]/g, '').toLowerCase().match(/[\\p{L}\\p{N}]+/gu) || []
  return [document.body.dataset.name, ...words].join('-').slice(0, 120) + '.review.json'
}
const save = (content) => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2) + '\\n'], { type: 'application/json' }))
  link.download = fileName(content.reviewer)
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
  return link.download
}
form.addEventListener('submit', (event) => {
  event.preventDefault()
  const missing = check()
  if (missing.length) {
    at('review-status').textContent = missing.length === 1 ? 'One thing is missing.' : missing.length + ' things are missing.'
    missing[0].focus()
    return
  }
  at('review-status').textContent = 'Saved as ' + save(review()) + '. Send it back, or drop it on Plumbline.'
})
form.addEventListener('input', () => {
  if (at('review-status').textContent) check()
})
`
