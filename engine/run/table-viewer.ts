import { createTablePages, type SummaryQuery, type TablePages } from '#compute/table/table-pages'
import {
  type ColumnSummary,
  type Hash,
  isOfCells,
  ProblemError,
  type Table,
  type TablePage,
  type TableQuery,
} from '#contract'
import type { Store } from '#store/open-store'
import { getValue } from '#store/values'
import type { SelectedRows } from './selected-rows.ts'

/** Pages and summaries of stored tables. */
export interface TableViewer {
  page(query: TableQuery): Promise<TablePage>
  numbers(query: TableQuery): Promise<Uint32Array | undefined>
  summarize(table: Hash, asked?: SummaryQuery): Promise<readonly ColumnSummary[]>
  close(): Promise<void>
}

export function createTableViewer(store: Store, selected: Pick<SelectedRows, 'places'>): TableViewer {
  let opened: TablePages | undefined
  const pages = () => {
    opened ??= createTablePages({ blobs: store.files })
    return opened
  }
  /** Rows that are named by their place; undefined where none are. */
  const placesOf = async ({ table, where = [] }: TableQuery) => {
    const placed = where.filter((condition) => !isOfCells(condition))
    return placed.length === 0 ? undefined : selected.places(table, placed)
  }
  return {
    page: async (query) => pages().page(query, await readTable(store, query.table), await placesOf(query)),
    numbers: async (query) => pages().numbers(query, await readTable(store, query.table), await placesOf(query)),
    summarize: async (table, asked) => pages().summarize(await readTable(store, table), asked),
    async close() {
      opened?.close()
    },
  }
}

export async function readTable(store: Pick<Store, 'db' | 'files'>, hash: Hash): Promise<Table> {
  const kind = store.db.get('SELECT kind FROM artifacts WHERE hash = ?', hash)?.kind
  if (kind === 'table') return (await getValue(store.files, hash)) as unknown as Table
  throw new ProblemError({
    code: 'not-found',
    message: `This project has no table ${hash.slice(0, 12)}.`,
    fix: 'Run the pipeline again; the table is made anew.',
  })
}
