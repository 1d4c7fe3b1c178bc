import { ChoiceField, SwitchField } from './fields/ChoiceField.tsx'
import { ColumnField, ColumnsField, TextsField } from './fields/ColumnField.tsx'
import { FileField } from './fields/FileField.tsx'
import type { FieldProps } from './fields/field-props.ts'
import { JsonField } from './fields/JsonField.tsx'
import { MetricField } from './fields/MetricField.tsx'
import { NumberField } from './fields/NumberField.tsx'
import { RowsField } from './fields/RowsField.tsx'
import { SliderField } from './fields/SliderField.tsx'
import { CodeField, TextField } from './fields/TextField.tsx'
import type { ParameterKind } from './parameter.ts'

const fields: Readonly<Record<ParameterKind, (props: FieldProps) => React.ReactNode>> = {
  boolean: SwitchField,
  choice: ChoiceField,
  number: NumberField,
  slider: SliderField,
  text: TextField,
  column: ColumnField,
  columns: ColumnsField,
  texts: TextsField,
  file: FileField,
  code: CodeField,
  metric: MetricField,
  rows: RowsField,
  json: JsonField,
}

/** The control for a parameter of any kind. */
export function ValueField(props: FieldProps) {
  const Field = fields[props.parameter.kind]
  return <Field {...props} />
}
