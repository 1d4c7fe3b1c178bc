import type { Column, Frame, SchemaColumn } from '#contract'
import { columnOf } from '#ml/frame'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import { contractTest } from './contract-test.ts'

/** Rows as the model's process takes them: columns one after the other, numbers and texts apart. NaN and '' are missing. */
export interface Feed {
  readonly rows: number
  readonly numbers: Float64Array
  readonly texts: readonly string[]
}
/** A cell that breaks the model's schema. */
export interface RowFault {
  readonly row: number
  readonly column: string
  readonly got: string
  readonly expected: string
}
export type CheckedRows =
  | { readonly feed: Feed; readonly faults?: undefined }
  | { readonly feed?: undefined; readonly faults: readonly RowFault[] }

const mostFaults = 100
export const isText = ({ type }: Column): boolean => type === 'text' || type === 'image'

/** Gives NaN or '' for what is missing, undefined for what does not fit. */
type Reader = (value: unknown) => number | string | undefined

const readers: Readonly<Record<Column['type'], Reader>> = {
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  integer: (value) => (Number.isSafeInteger(value) ? (value as number) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  date: (value) => (typeof value === 'string' ? dateOf(value) : undefined),
  text: (value) => (typeof value === 'string' ? value : undefined),
  image: (value) => (typeof value === 'string' ? value : undefined),
}

/** Pictures have to be of the size that the model takes. */
function readerOf({ type, image, name }: Column): Reader {
  if (!image) return readers[type]
  return (value) => {
    if (typeof value !== 'string') return undefined
    try {
      pixelsOfCell(value, image, name)
      return value
    } catch {
      return undefined
    }
  }
}

function dateOf(text: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN
  // Date.parse takes 30 February for 1 March.
  const day = Number(text.slice(8, 10))
  return Number.isNaN(ms) || new Date(text.slice(0, 10)).getUTCDate() !== day ? undefined : ms
}

const expectations: Readonly<Record<Column['type'], string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  date: 'a date such as 2026-11-21',
  text: 'a text',
  image: 'a picture',
}
export function expectedOf({ type, nullable, image }: Column): string {
  const size = image ? ` of ${image.height} × ${image.width} × ${image.channels} bytes in Base64` : ''
  return `${expectations[type]}${size}${nullable ? ' or null' : ''}`
}

function gotOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  return JSON.stringify(value).slice(0, 80)
}

/** How the cells of a column are read and tested. */
export function columnPlan(given: Column, narrow: SchemaColumn | undefined) {
  const column = { ...given, nullable: given.nullable && narrow?.nullable !== false }
  const test = narrow && contractTest(narrow, given.type)
  return { column, text: isText(column), read: readerOf(column), test }
}

/**
 * Reads JSON rows into the columns of a model. Every column of the model must be there; columns it does not know are left
 * out. A contract narrows what its columns may hold.
 */
export function rowReader(
  features: readonly Column[],
  contract: readonly SchemaColumn[] = [],
): (rows: readonly unknown[]) => CheckedRows {
  const plan = features.map((given) =>
    columnPlan(
      given,
      contract.find(({ name }) => name === given.name),
    ),
  )
  const numberColumns = plan.filter(({ text }) => !text).length
  return (rows) => {
    const faults: RowFault[] = []
    const numbers = new Float64Array(numberColumns * rows.length)
    const texts: string[] = new Array((features.length - numberColumns) * rows.length)
    let atNumber = 0
    let atText = 0
    for (const { column, text, read, test } of plan)
      for (let row = 0; row < rows.length; row++) {
        const given = rows[row]
        const cells = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : undefined
        const raw = cells && Object.hasOwn(cells, column.name) ? cells[column.name] : undefined
        const value = raw === null && column.nullable ? (text ? '' : Number.NaN) : read(raw)
        const fault =
          value === undefined
            ? expectedOf(column)
            : raw === null || test?.holds(value) !== false
              ? undefined
              : test.expected
        if (fault !== undefined && faults.length < mostFaults)
          faults.push({ row, column: column.name, got: gotOf(raw), expected: fault })
        if (text) texts[atText++] = (value as string | undefined) ?? ''
        else numbers[atNumber++] = (value as number | undefined) ?? Number.NaN
      }
    return faults.length > 0 ? { faults } : { feed: { rows: rows.length, numbers, texts } }
  }
}

/** The same rows as a frame, for rules and explanations. */
export function feedFrame(features: readonly Column[], feed: Feed): Frame {
  let atNumber = 0
  let atText = 0
  const columns = features.map((column) => {
    if (!isText(column)) {
      const values = feed.numbers.slice(atNumber, atNumber + feed.rows)
      atNumber += feed.rows
      return { ...column, cells: { kind: 'number' as const, values } }
    }
    const texts = feed.texts.slice(atText, atText + feed.rows)
    atText += feed.rows
    const levels = [...new Set(texts.filter((text) => text !== ''))].sort()
    const codes = Int32Array.from(texts, (text) => levels.indexOf(text))
    return { ...column, cells: { kind: 'text' as const, codes, levels } }
  })
  return { rows: feed.rows, columns }
}

/** A frame's columns as the model's process takes them. */
export function frameFeed(features: readonly Column[], frame: Frame): Feed {
  const numbers = new Float64Array(frame.rows * features.filter((column) => !isText(column)).length)
  const texts: string[] = []
  let at = 0
  for (const { name } of features) {
    const { cells } = columnOf(frame, name)
    if (cells.kind === 'number') {
      numbers.set(cells.values, at)
      at += frame.rows
    } else for (const code of cells.codes) texts.push(code < 0 ? '' : cells.levels[code]!)
  }
  return { rows: frame.rows, numbers, texts }
}

/** One row of a feed. */
export function takeFeed(features: readonly Column[], { rows, numbers, texts }: Feed, row: number): Feed {
  const textColumns = features.filter(isText).length
  return {
    rows: 1,
    numbers: Float64Array.from({ length: features.length - textColumns }, (_, j) => numbers[j * rows + row]!),
    texts: Array.from({ length: textColumns }, (_, j) => texts[j * rows + row]!),
  }
}

/** Several feeds of the same columns under one another. */
export function joinFeeds(features: readonly Column[], feeds: readonly Feed[]): Feed {
  if (feeds.length === 1) return feeds[0]!
  const rows = feeds.reduce((sum, feed) => sum + feed.rows, 0)
  const textColumns = features.filter(isText).length
  const numberColumns = features.length - textColumns
  const numbers = new Float64Array(numberColumns * rows)
  const texts: string[] = []
  let at = 0
  for (let column = 0; column < numberColumns; column++)
    for (const feed of feeds) {
      numbers.set(feed.numbers.subarray(column * feed.rows, (column + 1) * feed.rows), at)
      at += feed.rows
    }
  for (let column = 0; column < textColumns; column++)
    for (const feed of feeds)
      for (let row = 0; row < feed.rows; row++) texts.push(feed.texts[column * feed.rows + row]!)
  return { rows, numbers, texts }
}
