import {
  type Column,
  type Engine,
  type Hash,
  type Problem,
  problemsOf,
  type Stretches,
  type Table,
  type TableQuery,
} from '#contract'
import { blockColumns, blocksFor, PageCache, pageRows, pagesFor, type Row } from './page-cache.ts'

/** What is asked of the table besides which part of it. */
export type Chosen = Pick<TableQuery, 'sort' | 'search' | 'where'>

export interface Standing {
  readonly columns: readonly Column[]
  /** Rows there are, or were found so far; null until the first answer. */
  readonly total: number | null
  /** Share of a search or sort that is done, while it goes on. */
  readonly looking: number | null
  readonly problems: readonly Problem[]
}

export interface CellArea {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

const mostAtOnce = 2
/** Rows of a sorted or searched view that are picked in one go, and asked for at once. */
const mostPlaces = 10_000
const mostAsked = 1_000
const askAgainMs = 150
/** Rows read together for the clipboard; with the pages kept less than a thousand. */
export const rowsForCopy = 400

/** Reads the rows and columns in view, the newest wish first, and asks again while the engine still looks. */
export class PageLoader {
  readonly #ask: (offset: number, limit: number, columns: readonly [number, number]) => ReturnType<Engine['rows']>
  readonly #cache = new PageCache()
  readonly #asked = new Set<string>()
  readonly #changed: (standing: Standing) => void
  #standing: Standing
  #wanted: readonly (readonly [page: number, block: number])[] = [[0, 0]]
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false

  constructor(
    a: { readonly engine: Engine; readonly table: Hash; readonly chosen: Chosen; readonly view: string },
    before: Pick<Standing, 'columns'>,
    changed: (standing: Standing) => void,
  ) {
    const { engine, table, chosen, view } = a
    this.#ask = (offset, limit, columns) => engine.rows({ table, offset, limit, columns, view, ...chosen })
    this.#changed = changed
    this.#standing = { columns: before.columns, total: null, looking: null, problems: [] }
    if (before.columns.length === 0) void this.#describe(engine, table)
    this.#pump()
  }

  row(index: number): Row | undefined {
    return this.#cache.row(index)
  }

  /** Where a row of the view stands in the table, as far as it was read. */
  placeAt(index: number): number | undefined {
    return this.#cache.place(index)
  }

  want(
    rows: readonly [first: number, last: number],
    columns: readonly [first: number, last: number],
    also: readonly number[] = [],
  ): void {
    const blocks = [...new Set([...blocksFor(...columns), ...also.flatMap((at) => blocksFor(at, at))])]
    const pages = pagesFor(...rows)
    for (const page of pages) this.#cache.touch(page)
    this.#wanted = pages.flatMap((page) => blocks.map((block) => [page, block] as const))
    this.#pump()
  }

  /** Rows of an area, a part at a time. */
  async read(area: CellArea, take: (rows: readonly Row[]) => void): Promise<void> {
    for (let offset = area.top; offset <= area.bottom; ) {
      const limit = Math.min(rowsForCopy, area.bottom - offset + 1)
      const { rows, looking } = await this.#ask(offset, limit, [area.left, area.right])
      if (rows.length === 0 && looking === undefined) return
      if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, askAgainMs))
      else take(rows)
      offset += rows.length
    }
  }

  /** Where a row of the view stands in the table, from 0. */
  async placeOf(index: number): Promise<number> {
    return (await this.#ask(index, 1, [0, 0])).numbers?.[0] ?? index
  }

  /** The same of many rows; of a view in the table's own order without asking for each. */
  async placesOf(top: number, bottom: number): Promise<Stretches> {
    const last = Math.min(bottom, top + mostPlaces - 1)
    const places: (readonly [number, number])[] = []
    for (let offset = top; offset <= last; ) {
      const { numbers, looking } = await this.#ask(offset, Math.min(mostAsked, last - offset + 1), [0, 0])
      if (!numbers) return [[top, bottom]]
      if (numbers.length === 0 && looking === undefined) break
      if (numbers.length === 0) await new Promise((resolve) => setTimeout(resolve, askAgainMs))
      places.push(...numbers.map((place) => [place, place] as const))
      offset += numbers.length
    }
    return places
  }

  close(): void {
    this.#gone = true
    clearTimeout(this.#timer)
  }

  #stand(change: Partial<Standing>): void {
    if (this.#gone) return
    this.#standing = { ...this.#standing, ...change }
    this.#changed(this.#standing)
  }

  /** All columns, which a page of some of them doesn't tell. */
  async #describe(engine: Engine, table: Hash): Promise<void> {
    const value = (await engine.value({ hash: table }).catch(() => null)) as Partial<Table> | null
    if (value?.columns) this.#stand({ columns: value.columns })
  }

  #pump(): void {
    for (const [page, block] of this.#wanted) {
      if (this.#gone || this.#asked.size >= mostAtOnce) return
      if (!this.#cache.has(page, block) && !this.#asked.has(`${page} ${block}`) && this.#mayHave(page))
        void this.#load(page, block)
    }
  }

  /** Whether the rows of a page can have been found by now. */
  #mayHave(page: number): boolean {
    const { total, looking } = this.#standing
    return total === null || looking === null || page * pageRows < total
  }

  async #load(page: number, block: number): Promise<void> {
    const key = `${page} ${block}`
    this.#asked.add(key)
    try {
      const first = block * blockColumns
      const answer = await this.#ask(page * pageRows, pageRows, [first, first + blockColumns - 1])
      if (this.#gone) return
      const { rows, total, looking, numbers } = answer
      const whole = looking === undefined || rows.length === pageRows
      if (rows.length > 0 || whole) this.#cache.add(page, block, rows, whole, numbers)
      const columns = this.#standing.columns.length > 0 ? this.#standing.columns : answer.columns
      this.#stand({ columns, total, looking: looking ?? null, problems: [] })
      if (looking !== undefined) this.#askAgain()
    } catch (error) {
      this.#stand({ looking: null, problems: problemsOf(error) })
      return
    } finally {
      this.#asked.delete(key)
    }
    if (this.#standing.looking === null) this.#pump()
  }

  #askAgain(): void {
    this.#timer ??= setTimeout(() => void this.#lookAgain(), askAgainMs)
  }

  /** How far the engine is, without rows; those that came in are read by the pump. */
  async #lookAgain(): Promise<void> {
    this.#timer = undefined
    try {
      const { total, looking } = await this.#ask(0, 0, [0, 0])
      if (this.#gone) return
      this.#stand({ total, looking: looking ?? null })
      if (looking !== undefined) this.#askAgain()
      this.#pump()
    } catch (error) {
      this.#stand({ looking: null, problems: problemsOf(error) })
    }
  }
}
