import type { JsonValue } from '#contract'
import { choiceLabel } from '../choice-label.ts'
import { controlProps, type FieldProps } from './field-props.ts'

export function ChoiceField(props: FieldProps) {
  const { parameter, value, change } = props
  const shown = value === undefined ? parameter.default : value
  const choices: readonly JsonValue[] = parameter.nullable ? [null, ...parameter.choices] : parameter.choices
  const at = choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(shown))
  return (
    <select
      {...controlProps(props)}
      className="field"
      value={at}
      onChange={(event) => change(choices[Number(event.target.value)])}
    >
      {at < 0 && <option value={-1}>{typeof shown === 'string' ? shown : ''}</option>}
      {choices.map((choice, index) => (
        <option key={JSON.stringify(choice)} value={index}>
          {choiceLabel(choice)}
        </option>
      ))}
    </select>
  )
}

export function SwitchField(props: FieldProps) {
  const { parameter, value, change } = props
  const on = (value === undefined ? parameter.default : value) === true
  return (
    <input
      {...controlProps(props)}
      type="checkbox"
      role="switch"
      className="switch"
      checked={on}
      aria-checked={on}
      onChange={(event) => change(event.target.checked)}
    />
  )
}
