import type { Column, JsonValue } from '#contract'
import type { Parameter } from '../parameter.ts'

/** What every kind of field gets. */
export interface FieldProps {
  readonly parameter: Parameter
  /** Id of the control, for its label. */
  readonly id: string
  /** Undefined while the parameter keeps its default. */
  readonly value: JsonValue | undefined
  readonly change: (value: JsonValue | undefined) => void
  /** Columns at the input the parameter speaks of; undefined while they are not known. */
  readonly columns: readonly Column[] | undefined
  /** Id of the texts that describe the control. */
  readonly describedBy: string | undefined
  readonly wrong: boolean
  /** Accessible name where no label stands beside it, as in a cell of a small table. */
  readonly name?: string
}

export function controlProps({ id, describedBy, wrong, name }: FieldProps) {
  return {
    id,
    'aria-describedby': describedBy,
    'aria-invalid': wrong || undefined,
    ...(name === undefined ? {} : { 'aria-label': name }),
  }
}
