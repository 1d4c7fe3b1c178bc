import { useCallback, useEffect, useId, useRef, useState } from 'react'
import type { Engine, Hash, RowPredicate, Stretches, TableQuery } from '#contract'
import type { Row } from './page-cache.ts'
import { type CellArea, PageLoader, type Standing } from './page-loader.ts'

export interface TableView {
  readonly sort?: TableQuery['sort']
  readonly search: string
  readonly where?: RowPredicate
}
export interface TablePages extends Standing {
  row(index: number): Row | undefined
  /** Asks for these rows and columns when they aren't there, and for the places of some columns besides. */
  want(
    rows: readonly [first: number, last: number],
    columns: readonly [first: number, last: number],
    also: readonly number[],
  ): void
  /** Cells for the clipboard, a part of the rows at a time. */
  read(area: CellArea, take: (rows: readonly Row[]) => void): Promise<void>
  /** Where a row of the view stands in the table, from 0. */
  placeOf(index: number): Promise<number>
  /** The same of rows from first to last. */
  placesOf(first: number, last: number): Promise<Stretches>
  /** As far as it is known by now. */
  placeAt(index: number): number | undefined
}

const nothing: Standing = { columns: [], total: null, looking: null, problems: [] }

/** Rows of a table as the view shows it, read from the engine as far as they are in view. */
export function useTablePages(engine: Engine, table: Hash, { sort, search, where }: TableView): TablePages {
  const view = useId()
  const [standing, setStanding] = useState(nothing)
  const columns = useRef<Standing['columns']>([])
  const loader = useRef<PageLoader | null>(null)
  const chosen = JSON.stringify({ sort, ...(search && { search }), ...(where && where.length > 0 && { where }) })

  useEffect(() => {
    const made = new PageLoader(
      { engine, table, chosen: JSON.parse(chosen), view: `${view} ${table}` },
      { columns: columns.current },
      (next) => {
        columns.current = next.columns
        setStanding(next)
      },
    )
    loader.current = made
    setStanding((old) => ({ ...nothing, columns: old.columns }))
    return () => made.close()
  }, [engine, table, chosen, view])

  const want = useCallback<TablePages['want']>((...parts) => loader.current?.want(...parts), [])
  const read = useCallback<TablePages['read']>(async (area, take) => loader.current?.read(area, take), [])
  const placeOf = useCallback(async (index: number) => (await loader.current?.placeOf(index)) ?? index, [])
  const placesOf = useCallback<TablePages['placesOf']>(
    async (first, last) => (await loader.current?.placesOf(first, last)) ?? [],
    [],
  )
  const placeAt = useCallback((index: number) => loader.current?.placeAt(index), [])
  const row = useCallback((index: number) => loader.current?.row(index), [])
  return { ...standing, row, want, read, placeOf, placesOf, placeAt }
}
