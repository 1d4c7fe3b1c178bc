import type { Cells, ColumnType, FrameColumn } from '#contract'
import { cellText } from '#ml/frame'

/** Cells of a column as another type, with a mark for every cell that is not one. */
export interface Converted {
  readonly cells: Cells
  /** 1 where the old cell has no counterpart in the new type. */
  readonly failed: Uint8Array
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const datePattern = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

function numberOf(text: string, type: ColumnType): number {
  if (type === 'boolean') {
    const lower = text.toLowerCase()
    if (lower === 'true' || lower === 'yes' || lower === '1') return 1
    return lower === 'false' || lower === 'no' || lower === '0' ? 0 : Number.NaN
  }
  if (type === 'date') {
    if (!datePattern.test(text)) return Number.NaN
    const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
    return Date.parse(text.length === 10 || hasZone ? text : `${text.replace(' ', 'T')}Z`)
  }
  const value = numberPattern.test(text) ? Number(text) : Number.NaN
  return type === 'integer' && !Number.isSafeInteger(value) ? Number.NaN : value
}

function fitsNumber(value: number, type: ColumnType): boolean {
  if (type === 'integer') return Number.isSafeInteger(value)
  return type === 'boolean' ? value === 0 || value === 1 : true
}

function textToNumbers(column: FrameColumn, type: ColumnType): Converted {
  if (column.cells.kind !== 'text') throw new RangeError(`${column.name} holds no text`)
  const { codes, levels } = column.cells
  const values = levels.map((level) => numberOf(level, type))
  const failed = new Uint8Array(codes.length)
  const cells = Float64Array.from(codes, (code, row) => {
    if (code < 0) return Number.NaN
    const value = values[code]!
    if (Number.isNaN(value)) failed[row] = 1
    return value
  })
  return { cells: { kind: 'number', values: cells }, failed }
}

function numbersToText(column: FrameColumn): Converted {
  const rows = column.cells.kind === 'number' ? column.cells.values.length : 0
  const texts = Array.from({ length: rows }, (_, row) => cellText(column, row))
  const levels = [...new Set(texts)].filter((text) => text !== null).sort((a, b) => (a < b ? -1 : 1))
  const code = new Map(levels.map((level, index) => [level, index]))
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : code.get(text)!))
  return { cells: { kind: 'text', codes, levels }, failed: new Uint8Array(rows) }
}

export function convertCells(column: FrameColumn, type: ColumnType): Converted {
  const isText = type === 'text' || type === 'image'
  if (column.cells.kind === 'text') {
    if (!isText) return textToNumbers(column, type)
    return { cells: column.cells, failed: new Uint8Array(column.cells.codes.length) }
  }
  if (isText) return numbersToText(column)
  const failed = Uint8Array.from(column.cells.values, (value) =>
    Number.isNaN(value) || fitsNumber(value, type) ? 0 : 1,
  )
  return { cells: column.cells, failed }
}
