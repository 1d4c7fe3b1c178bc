import type { Cells, Frame, FrameColumn } from '#contract'

export type SplitName = 'train' | 'validation' | 'test'

const byName = new WeakMap<Frame, ReadonlyMap<string, FrameColumn>>()

/** The column of that name; callers have checked that it exists. Names are looked up in a map, made once a frame. */
export function columnOf(frame: Frame, name: string): FrameColumn {
  let columns = byName.get(frame)
  if (!columns) {
    columns = new Map(frame.columns.map((column) => [column.name, column]))
    byName.set(frame, columns)
  }
  const column = columns.get(name)
  if (!column) throw new RangeError(`no column ${name}`)
  return column
}

/** A cell as text, null when missing. Whole numbers print without a point, booleans as true and false, dates as ISO text. */
export function cellText(column: FrameColumn, row: number): string | null {
  if (column.cells.kind === 'text') {
    const code = column.cells.codes[row]!
    return code < 0 ? null : column.cells.levels[code]!
  }
  const value = column.cells.values[row]!
  if (Number.isNaN(value)) return null
  if (column.type === 'boolean') return value === 0 ? 'false' : 'true'
  if (column.type === 'date') return new Date(value).toISOString()
  return String(value)
}

/** Any column as codes into sorted distinct texts, -1 for missing: groups, classes, categories. */
export function textCells(column: FrameColumn): { readonly codes: Int32Array; readonly levels: readonly string[] } {
  if (column.cells.kind === 'text') return column.cells
  const values = column.cells.values
  const distinct = [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const code = new Map(distinct.map((value, index) => [value, index]))
  const levels = distinct.map(
    (value) => cellText({ ...column, cells: { kind: 'number', values: Float64Array.of(value) } }, 0)!,
  )
  return { codes: Int32Array.from(values, (value) => code.get(value) ?? -1), levels }
}

function takeCells(cells: Cells, rows: Uint32Array): Cells {
  if (cells.kind === 'number') return { kind: 'number', values: Float64Array.from(rows, (row) => cells.values[row]!) }
  return { kind: 'text', codes: Int32Array.from(rows, (row) => cells.codes[row]!), levels: cells.levels }
}

/** The rows in the given order; text levels are kept as they are, so that codes stay comparable. */
export function takeRows(frame: Frame, rows: Uint32Array): Frame {
  return {
    rows: rows.length,
    columns: frame.columns.map((column) => ({ ...column, cells: takeCells(column.cells, rows) })),
  }
}

/** Row numbers of a part of the split; all rows when the table has no column of role `split`. */
export function splitRows(frame: Frame, part: SplitName): Uint32Array {
  const column = frame.columns.find((candidate) => candidate.role === 'split')
  if (!column) return Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const { codes, levels } = textCells(column)
  const code = levels.indexOf(part)
  const rows: number[] = []
  for (let row = 0; row < codes.length; row++) if (codes[row] === code) rows.push(row)
  return Uint32Array.from(rows)
}
