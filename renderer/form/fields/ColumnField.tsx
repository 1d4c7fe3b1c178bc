import type { Column } from '#contract'
import { messages } from '../../shell/messages.ts'
import { controlProps, type FieldProps } from './field-props.ts'

/** Columns of the wired table that the parameter allows. */
export function allowedColumns({ parameter, columns }: Pick<FieldProps, 'parameter' | 'columns'>): readonly Column[] {
  return (columns ?? []).filter((column) => !parameter.types || parameter.types.includes(column.type))
}

/** One column, known before any run. A name that is not in the table stays, marked. */
export function ColumnField(props: FieldProps) {
  const { parameter, value, change, columns } = props
  const chosen = typeof value === 'string' ? value : ''
  const allowed = allowedColumns(props)
  const empty = parameter.description.includes('role')
    ? fromRole(columns, parameter.name)
    : columns === undefined
      ? messages.form.noColumns
      : messages.form.chooseColumn
  return (
    <select
      {...controlProps(props)}
      className="field"
      value={chosen}
      onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">{empty}</option>
      {chosen !== '' && !allowed.some((column) => column.name === chosen) && (
        <option value={chosen}>
          {chosen}
          {columns ? ` · ${messages.form.unknownColumn}` : ''}
        </option>
      )}
      {allowed.map((column) => (
        <option key={column.name} value={column.name}>
          {column.name} · {column.type}
          {column.role ? ` · ${column.role}` : ''}
        </option>
      ))}
    </select>
  )
}

/** "approved, from the roles" where an empty value takes the column of that role. */
function fromRole(columns: readonly Column[] | undefined, role: string): string {
  const found = columns?.find((column) => column.role === role)
  return found ? `${found.name} (${messages.form.auto})` : messages.form.auto
}

/** Any number of columns as chips. */
export function ColumnsField(props: FieldProps) {
  const { parameter, value, change, columns, id } = props
  const chosen = (Array.isArray(value) ? value : Array.isArray(parameter.default) ? parameter.default : []) as string[]
  const allowed = allowedColumns(props)
  const others = allowed.filter((column) => !chosen.includes(column.name))
  const known = new Set((columns ?? []).map((column) => column.name))
  return (
    <div className="chips">
      {chosen.map((name) => (
        <span key={name} className="chip" data-unknown={(columns && !known.has(name)) || undefined}>
          {name}
          <button
            type="button"
            aria-label={messages.form.removeColumn(name)}
            onClick={() => change(chosen.filter((other) => other !== name))}
          >
            ×
          </button>
        </span>
      ))}
      <select
        {...controlProps(props)}
        id={id}
        className="chip chip-add"
        value=""
        onChange={(event) => event.target.value !== '' && change([...chosen, event.target.value])}
      >
        <option value="">+ {messages.form.addColumn}</option>
        {others.map((column) => (
          <option key={column.name} value={column.name}>
            {column.name} · {column.type}
            {column.role ? ` · ${column.role}` : ''}
          </option>
        ))}
      </select>
    </div>
  )
}

/** A list of texts, one a line. */
export function TextsField(props: FieldProps) {
  const { parameter, value, change } = props
  const list = Array.isArray(value) ? value : []
  return (
    <textarea
      {...controlProps(props)}
      className="field"
      rows={Math.min(6, Math.max(2, list.length + 1))}
      placeholder={parameter.placeholder}
      value={list.join('\n')}
      onChange={(event) => change(event.target.value === '' ? undefined : event.target.value.split('\n'))}
    />
  )
}
