import type { TablePage } from '#contract'

export const pageRows = 200
export const maximalPages = 12

export type Cell = TablePage['rows'][number][number]
export type Row = readonly Cell[]

/** The pages read last. A table of millions of rows never has more than a few of them in memory. */
export class PageCache {
  readonly #pages = new Map<number, readonly Row[]>()

  row(index: number): Row | undefined {
    const page = this.#pages.get(Math.floor(index / pageRows))
    return page?.[index % pageRows]
  }

  has(page: number): boolean {
    return this.#pages.has(page)
  }

  /** Takes a page in; the one that was used longest ago goes when there are too many. */
  add(page: number, rows: readonly Row[]): void {
    this.#pages.delete(page)
    this.#pages.set(page, rows)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= maximalPages) break
      this.#pages.delete(oldest)
    }
  }

  /** Marks a page as in use, so that others go first. */
  touch(page: number): void {
    const rows = this.#pages.get(page)
    if (rows) this.add(page, rows)
  }

  get size(): number {
    return this.#pages.size
  }
}

/** Pages that cover rows from first to last, inclusive. */
export function pagesFor(first: number, last: number): readonly number[] {
  const from = Math.floor(Math.max(first, 0) / pageRows)
  const to = Math.floor(Math.max(last, first, 0) / pageRows)
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
