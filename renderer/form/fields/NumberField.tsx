import { useEffect, useState } from 'react'
import { messages } from '../../shell/messages.ts'
import { shortValue } from '../choice-label.ts'
import { controlProps, type FieldProps } from './field-props.ts'
import { rangeHint } from './range-hint.ts'

/** A number as text, with its unit or range at the right; what is no number yet stays unsaved and is said. */
export function NumberField(props: FieldProps) {
  const { parameter, value, change } = props
  const [text, setText] = useState(() => textOf(value))
  const [bad, setBad] = useState(false)
  useEffect(() => {
    setText((old) => (numberOf(old) === value ? old : textOf(value)))
    setBad(false)
  }, [value])
  function type(typed: string) {
    setText(typed)
    const parsed = numberOf(typed)
    setBad(parsed === null)
    if (parsed !== null) change(parsed ?? (parameter.nullable && parameter.default !== null ? null : undefined))
  }
  const hint = parameter.unit ?? rangeHint(parameter)
  return (
    <>
      <span className="field-with-hint">
        <input
          {...controlProps(props)}
          className="field"
          inputMode={parameter.integer ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={text}
          placeholder={shortValue(parameter.default)}
          aria-invalid={bad || props.wrong || undefined}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
            if (step === 0) return
            event.preventDefault()
            type(String(stepped(numberOf(text) ?? asNumber(parameter.default), step, parameter)))
          }}
        />
        {hint !== '' && <span className="field-hint">{hint}</span>}
      </span>
      {bad && <span className="field-problem bad">{messages.form.notNumber}</span>}
    </>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : ''
}

/** Undefined for nothing, null for what is no number. A comma is read as the decimal mark. */
function numberOf(text: string): number | undefined | null {
  const plain = text
    .trim()
    .replace(/[\s\u202f]/g, '')
    .replace(',', '.')
    .replace('−', '-')
  if (plain === '') return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}

function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function stepped(value: number, step: number, { integer, minimum, maximum }: FieldProps['parameter']): number {
  const size = integer ? 1 : 10 ** Math.floor(Math.log10(Math.abs(value) || 1) - 1)
  const next = Number((value + step * size).toPrecision(12))
  return Math.min(maximum ?? Number.POSITIVE_INFINITY, Math.max(minimum ?? Number.NEGATIVE_INFINITY, next))
}
