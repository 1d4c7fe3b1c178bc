import { useEffect, useState } from 'react'
import type { JsonValue } from '#contract'
import { controlProps, type FieldProps } from './field-props.ts'

/** A value that has no form of its own, as JSON; it is taken over whenever it can be read. */
export function JsonField(props: FieldProps) {
  const { parameter, value, change } = props
  const shown = value === undefined ? parameter.default : value
  const [text, setText] = useState(() => print(shown))
  useEffect(() => setText((old) => (same(old, shown) ? old : print(shown))), [shown])
  return (
    <textarea
      {...controlProps(props)}
      className="field mono field-code"
      rows={4}
      spellCheck={false}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        try {
          change(JSON.parse(event.target.value) as JsonValue)
        } catch {
          // it is still being typed
        }
      }}
    />
  )
}

function print(value: JsonValue | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

function same(text: string, value: JsonValue | undefined): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value)
  } catch {
    return false
  }
}
