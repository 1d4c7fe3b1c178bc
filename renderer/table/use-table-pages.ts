import { useCallback, useEffect, useRef, useState } from 'react'
import { type Column, type Engine, type Hash, type Problem, problemsOf, type TableQuery } from '#contract'
import { PageCache, pageRows, pagesFor, type Row } from './page-cache.ts'

export interface TableView {
  readonly sort?: TableQuery['sort']
  readonly search: string
}
export interface TablePages {
  readonly columns: readonly Column[]
  /** Rows that match the search; null until the first page came. */
  readonly total: number | null
  readonly problems: readonly Problem[]
  row(index: number): Row | undefined
  /** Asks for the pages of these rows when they aren't there. */
  want(first: number, last: number): void
  /** Rows for the clipboard, read from the engine where they aren't in memory. */
  read(first: number, last: number): Promise<readonly Row[]>
  /** Where a row of the view stands in the table, from 0. */
  placeOf(index: number): Promise<number>
}

const largestPage = 1_000

/** Rows of a table as the view shows it, read page by page from the engine. */
export function useTablePages(engine: Engine, table: Hash, view: TableView): TablePages {
  const { sort, search } = view
  const column = sort?.column
  const descending = sort?.descending ?? false
  const [, redraw] = useState(0)
  const [head, setHead] = useState<{ columns: readonly Column[]; total: number | null }>({ columns: [], total: null })
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const memory = useRef({ cache: new PageCache(), asked: new Set<number>(), alive: true })

  const ask = useCallback(
    (offset: number, limit: number) =>
      engine.rows({
        table,
        offset,
        limit,
        ...(column === undefined ? {} : { sort: { column, descending } }),
        ...(search ? { search } : {}),
      }),
    [engine, table, column, descending, search],
  )

  const load = useCallback(
    async (page: number) => {
      const mine = memory.current
      if (mine.cache.has(page) || mine.asked.has(page)) return
      mine.asked.add(page)
      try {
        const answer = await ask(page * pageRows, pageRows)
        if (!mine.alive) return
        mine.cache.add(page, answer.rows)
        setHead((old) =>
          old.total === answer.total && old.columns.length > 0 ? old : { columns: answer.columns, total: answer.total },
        )
        setProblems([])
        redraw((count) => count + 1)
      } catch (error) {
        if (mine.alive) setProblems(problemsOf(error))
      } finally {
        mine.asked.delete(page)
      }
    },
    [ask],
  )

  useEffect(() => {
    memory.current = { cache: new PageCache(), asked: new Set(), alive: true }
    const mine = memory.current
    setHead((old) => ({ columns: old.columns, total: null }))
    void load(0)
    return () => {
      mine.alive = false
    }
  }, [load])

  const want = useCallback(
    (first: number, last: number) => {
      for (const page of pagesFor(first, last)) {
        memory.current.cache.touch(page)
        void load(page)
      }
    },
    [load],
  )
  const read = useCallback(
    async (first: number, last: number) => {
      const rows: Row[] = []
      for (let offset = first; offset <= last; offset += largestPage)
        rows.push(...(await ask(offset, Math.min(largestPage, last - offset + 1))).rows)
      return rows
    },
    [ask],
  )
  const placeOf = useCallback(async (index: number) => (await ask(index, 1)).numbers?.[0] ?? index, [ask])
  const row = useCallback((index: number) => memory.current.cache.row(index), [])
  return { columns: head.columns, total: head.total, problems, row, want, read, placeOf }
}
