import type { TablePage } from '#contract'

export const pageRows = 40
/** With what is read for the clipboard never more than a thousand rows are in the page. */
export const maximalPages = 12
/** Columns that are read together. */
export const blockColumns = 8

export type Cell = TablePage['rows'][number][number]
/** A row's cells by the place of their column; those that were not read are undefined. */
export type Row = readonly (Cell | undefined)[]

interface Page {
  rows: Row[]
  /** Where they stand in the table, when that is not their own order. */
  numbers: readonly number[] | undefined
  readonly whole: Set<number>
}

/** The pages read last. A table of millions of rows never has more than a few of them in memory. */
export class PageCache {
  readonly #pages = new Map<number, Page>()

  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.rows[index % pageRows]
  }

  /** Where a row of the view stands in the table; undefined where it was not read. */
  place(index: number): number | undefined {
    const page = this.#pages.get(Math.floor(index / pageRows))
    if (!page?.rows[index % pageRows]) return undefined
    return page.numbers ? page.numbers[index % pageRows] : index
  }

  has(page: number, block: number): boolean {
    return this.#pages.get(page)?.whole.has(block) ?? false
  }

  /**
   * Takes the columns of a block in; the page that was used longest ago goes when there are too many. While rows are still
   * being found a page may be less than whole.
   */
  add(page: number, block: number, rows: readonly Row[], whole = true, numbers?: readonly number[]): void {
    const known = this.#pages.get(page) ?? { rows: [], numbers, whole: new Set<number>() }
    known.numbers = numbers
    known.rows = rows.map((cells, at) => joined(known.rows[at], block * blockColumns, cells))
    if (whole) known.whole.add(block)
    this.#pages.delete(page)
    this.#pages.set(page, known)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= maximalPages) break
      this.#pages.delete(oldest)
    }
  }

  /** Marks a page as in use, so that others go first. */
  touch(page: number): void {
    const known = this.#pages.get(page)
    if (!known) return
    this.#pages.delete(page)
    this.#pages.set(page, known)
  }

  get size(): number {
    return this.#pages.size
  }
}

function joined(known: Row | undefined, from: number, cells: Row): Row {
  const row: (Cell | undefined)[] = known ? known.slice() : []
  while (row.length < from) row.push(undefined)
  for (let at = 0; at < cells.length; at++) row[from + at] = cells[at]
  return row
}

/** Pages that cover rows from first to last, inclusive. */
export function pagesFor(first: number, last: number): readonly number[] {
  return partsFor(first, last, pageRows)
}

/** Blocks that cover columns from first to last, inclusive. */
export function blocksFor(first: number, last: number): readonly number[] {
  return partsFor(first, last, blockColumns)
}

function partsFor(first: number, last: number, size: number): readonly number[] {
  const from = Math.floor(Math.max(first, 0) / size)
  const to = Math.floor(Math.max(last, first, 0) / size)
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
