import type { ColumnType } from '#contract'
import { isInteger, parseBoolean, parseDate, parseInteger, parseNumber, quickNumber } from './parse-cells.ts'
import type { CellFormat, DateOrder, NumberStyle, ReadOptions } from './reading.ts'

/**
 * Finds the type of each column from sample cells by elimination: a column starts as everything and each cell strikes
 * out what it can not be. How numbers are written is decided for the whole file, by what makes most columns numbers.
 */
const styles: readonly NumberStyle[] = [
  { decimal: '.', thousands: 'none' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: 'none' },
  { decimal: ',', thousands: '.' },
  { decimal: '.', thousands: ' ' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: "'" },
]
const orders: readonly DateOrder[] = ['year-first', 'day-first', 'month-first']
const point = 46
const all = (1 << styles.length) - 1
const pointStyles = styles.reduce((bits, style, index) => (style.decimal === '.' ? bits | (1 << index) : bits), 0)

export class ColumnEvidence {
  /** Bit k: every cell so far is one in style k. */
  integers = all
  numbers = all
  dates = (1 << orders.length) - 1
  booleans = true
  dotted = false
  cells = 0

  get isText(): boolean {
    return !this.booleans && this.integers === 0 && this.numbers === 0 && this.dates === 0
  }

  /** Looks at a cell that is not missing. */
  see(text: string): void {
    this.cells++
    if (this.isText) return
    if (!this.#seePlain(text, 0, text.length)) this.#seeOther(text)
  }

  /** Looks at the cell at [start, end), as far as that goes without making a text: false when it has to be one. */
  seeAt(text: string, start: number, end: number): boolean {
    const seen = this.isText || this.#seePlain(text, start, end)
    if (seen) this.cells++
    return seen
  }

  /** The usual case without patterns: digits, maybe one point that can not be a thousands mark. */
  #seePlain(text: string, start: number, end: number): boolean {
    if (Number.isNaN(quickNumber(text, start, end, point))) return false
    let decimals = 0
    while (decimals < end - start && text.charCodeAt(end - 1 - decimals) !== point) decimals++
    const isWhole = decimals === end - start
    if (!isWhole && decimals === 3 && (this.numbers & ~pointStyles) !== 0) return false
    this.booleans = false
    this.dates = 0
    if (isWhole) return true
    this.integers = 0
    this.numbers &= pointStyles
    return true
  }

  #seeOther(text: string): void {
    if (this.booleans) this.booleans = !Number.isNaN(parseBoolean(text))
    orders.forEach((order, index) => {
      if (this.dates & (1 << index) && Number.isNaN(parseDate(text, order))) this.dates &= ~(1 << index)
    })
    if (this.dates !== 0) this.dotted = /^\d+\.\d+\./.test(text)
    styles.forEach((style, index) => {
      const bit = 1 << index
      if (!((this.integers | this.numbers) & bit)) return
      const exact = !Number.isNaN(parseInteger(text, style))
      const tooLarge = !exact && isInteger(text, style)
      if (!exact) this.integers &= ~bit
      if (tooLarge || Number.isNaN(parseNumber(text, style))) this.numbers &= ~bit
    })
  }
}

/** The number style that makes most columns numbers; between equals the plainer one, then by the delimiter's custom. */
export function chooseStyle(
  columns: readonly ColumnEvidence[],
  delimiter: string,
  options: Pick<ReadOptions, 'decimal' | 'thousands'>,
): NumberStyle {
  const custom = delimiter === ',' ? [0, 1, 2, 3, 4, 5, 6] : [0, 2, 1, 3, 4, 5, 6]
  const allowed = custom.filter((index) => {
    const { decimal, thousands } = styles[index]!
    return (
      (options.decimal === 'auto' || options.decimal === decimal) &&
      (options.thousands === 'auto' || options.thousands === thousands)
    )
  })
  let best = allowed[0]
  let most = -1
  for (const index of allowed) {
    const count = columns.filter((column) => column.cells > 0 && (column.numbers >> index) & 1).length
    if (count <= most) continue
    best = index
    most = count
  }
  if (best !== undefined) return styles[best]!
  return {
    decimal: options.decimal === 'auto' ? '.' : options.decimal,
    thousands: options.thousands === 'auto' ? 'none' : options.thousands,
  }
}

function dateOrder(evidence: ColumnEvidence, dates: ReadOptions['dates']): DateOrder | 'ambiguous' | undefined {
  if (dates === 'off') return undefined
  const alive = orders.filter((order, index) => evidence.dates & (1 << index) && (dates === 'auto' || dates === order))
  if (alive.length <= 1) return alive[0]
  return evidence.dotted ? 'day-first' : 'ambiguous'
}

/** The type of a column; `note` says what the sniffer could not decide. */
export function chooseFormat(
  evidence: ColumnEvidence,
  style: NumberStyle,
  options: Pick<ReadOptions, 'dates'>,
): CellFormat & { readonly note?: string } {
  const index = styles.findIndex(({ decimal, thousands }) => decimal === style.decimal && thousands === style.thousands)
  if (evidence.cells === 0) return { type: 'text' }
  if (evidence.booleans) return { type: 'boolean' }
  const isNumeric = index >= 0 && (evidence.numbers >> index) & 1
  if (isNumeric) return { type: (evidence.integers >> index) & 1 ? 'integer' : 'number' }
  const order = dateOrder(evidence, options.dates)
  if (order === undefined) return { type: 'text' }
  if (order === 'ambiguous') return { type: 'text', note: 'day and month can not be told apart' }
  return { type: 'date', dateOrder: order }
}

/** A column type that the user chose, with the date order the sample speaks for. */
export function forceFormat(
  type: ColumnType,
  evidence: ColumnEvidence,
  options: Pick<ReadOptions, 'dates'>,
): CellFormat {
  if (type !== 'date') return { type }
  if (options.dates !== 'auto' && options.dates !== 'off') return { type, dateOrder: options.dates }
  const alive = orders.find((_, index) => evidence.dates & (1 << index))
  return { type, dateOrder: alive ?? 'year-first' }
}
