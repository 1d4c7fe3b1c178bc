import type { JsonValue } from '#contract'
import { messages } from '../shell/messages.ts'

/** How a choice reads in a list: "early-stopping" as "early stopping". */
export function choiceLabel(value: JsonValue): string {
  if (value === null || value === '') return messages.form.none
  if (value === true) return messages.form.on
  if (value === false) return messages.form.off
  if (value === '>=') return '≥'
  if (value === '<=') return '≤'
  return typeof value === 'string' ? value.replace(/[-_]/g, ' ') : String(value)
}

/** A default in a few characters, for a placeholder. */
export function shortValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null || value === '') return ''
  if (Array.isArray(value))
    return value.length === 0 ? '' : value.map((item) => shortValue(item as JsonValue)).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  return typeof value === 'boolean' ? choiceLabel(value) : String(value)
}
