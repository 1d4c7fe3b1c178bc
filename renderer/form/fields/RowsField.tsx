import type { JsonValue } from '#contract'
import { keyed } from '../../shell/keyed.ts'
import { messages } from '../../shell/messages.ts'
import { isShown } from '../parameter.ts'
import { ValueField } from '../ValueField.tsx'
import type { FieldProps } from './field-props.ts'

type Row = Readonly<Record<string, JsonValue>>

/** A small table, one object a row. */
export function RowsField({ parameter, value, change, columns, id }: FieldProps) {
  const rows = (Array.isArray(value) ? value : Array.isArray(parameter.default) ? parameter.default : []) as Row[]
  const setCell = (at: number, name: string, cell: JsonValue | undefined) =>
    change(rows.map((row, index) => (index === at ? withCell(row, name, cell) : row)))
  return (
    <div className="rows-field">
      {keyed(rows).map(({ key, item: row, at }) => (
        <fieldset key={key} className="rows-row" aria-label={`${parameter.title} ${at + 1}`}>
          {shownCells(parameter.items, row).map((item) => (
            <div key={item.name} className="rows-cell" data-kind={item.kind}>
              <label htmlFor={`${id}-${at}-${item.name}`} title={item.description}>
                {item.title}
              </label>
              <ValueField
                parameter={item}
                id={`${id}-${at}-${item.name}`}
                value={row[item.name]}
                change={(cell) => setCell(at, item.name, cell)}
                columns={columns}
                describedBy={undefined}
                wrong={false}
              />
            </div>
          ))}
          <button
            type="button"
            className="row-remove"
            aria-label={messages.form.removeRow(at + 1)}
            onClick={() => change(rows.filter((_, index) => index !== at))}
          >
            ×
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        id={id}
        className="button small"
        onClick={() => change([...rows, freshRow(parameter.items)])}
      >
        + {messages.form.addRow}
      </button>
    </div>
  )
}

/** Those that mean something beside the others of their row. */
const shownCells = (items: FieldProps['parameter']['items'], row: Row) => items.filter((item) => isShown(item, row))

function withCell(row: Row, name: string, cell: JsonValue | undefined): Row {
  const { [name]: _, ...others } = row
  return cell === undefined ? others : { ...others, [name]: cell }
}

/** Choices and switches start at a value, so that a new row is whole as soon as its texts are. */
function freshRow(items: FieldProps['parameter']['items']): Row {
  const cells = items.flatMap((item): [string, JsonValue][] => {
    if (item.default !== undefined) return []
    if (item.kind === 'choice' && item.choices[0] !== undefined) return [[item.name, item.choices[0]]]
    if (item.kind === 'boolean') return [[item.name, false]]
    return item.kind === 'number' || item.kind === 'slider' ? [[item.name, item.minimum ?? 0]] : [[item.name, '']]
  })
  return Object.fromEntries(cells)
}
