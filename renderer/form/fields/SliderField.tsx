import { formatNumber } from '../../shell/format.ts'
import { controlProps, type FieldProps } from './field-props.ts'

export function SliderField(props: FieldProps) {
  const { parameter, value, change } = props
  const { minimum = 0, maximum = 1, integer } = parameter
  const shown = typeof value === 'number' ? value : typeof parameter.default === 'number' ? parameter.default : minimum
  return (
    <span className="field-slider">
      <input
        {...controlProps(props)}
        type="range"
        min={minimum}
        max={maximum}
        step={integer ? 1 : (maximum - minimum) / 100}
        value={shown}
        onChange={(event) => change(event.target.valueAsNumber)}
      />
      <output htmlFor={props.id}>{formatNumber(Number(shown.toPrecision(6)))}</output>
    </span>
  )
}
