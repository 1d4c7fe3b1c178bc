import { shortValue } from '../choice-label.ts'
import { controlProps, type FieldProps } from './field-props.ts'

export function TextField(props: FieldProps) {
  const { parameter, value, change } = props
  const named = parameter.description.length > 0 && /notes|paragraph|description/i.test(parameter.title)
  const long = parameter.prose || named
  const shared = {
    ...controlProps(props),
    className: 'field',
    value: typeof value === 'string' || typeof value === 'number' ? String(value) : '',
    placeholder: parameter.placeholder ?? shortValue(parameter.default),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      change(event.target.value === '' ? undefined : event.target.value),
  }
  return long ? <textarea {...shared} rows={3} /> : <input {...shared} autoComplete="off" spellCheck={false} />
}

/** Code or a rule: monospace, as tall as it needs. */
export function CodeField(props: FieldProps) {
  const { parameter, value, change } = props
  return (
    <textarea
      {...controlProps(props)}
      className="field mono field-code"
      rows={4}
      spellCheck={false}
      placeholder={parameter.placeholder ?? shortValue(parameter.default)}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Tab' || event.shiftKey) return
        event.preventDefault()
        const { selectionStart, selectionEnd, value: text } = event.currentTarget
        change(`${text.slice(0, selectionStart)}  ${text.slice(selectionEnd)}`)
      }}
    />
  )
}
