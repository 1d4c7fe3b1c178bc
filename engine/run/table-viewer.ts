import { createTablePages, type SummaryQuery, type TablePages } from '#compute/table/table-pages'
import { type ColumnSummary, type Hash, ProblemError, type Table, type TablePage, type TableQuery } from '#contract'
import type { Store } from '#store/open-store'
import { getValue } from '#store/values'

/** Pages and summaries of stored tables. */
export interface TableViewer {
  page(query: TableQuery): Promise<TablePage>
  numbers(query: TableQuery): Promise<Uint32Array | undefined>
  summarize(table: Hash, asked?: SummaryQuery): Promise<readonly ColumnSummary[]>
  close(): Promise<void>
}

export function createTableViewer(store: Store): TableViewer {
  let opened: TablePages | undefined
  const pages = () => {
    opened ??= createTablePages({ blobs: store.files })
    return opened
  }
  return {
    page: async (query) => pages().page(query, await readTable(store, query.table)),
    numbers: async (query) => pages().numbers(query, await readTable(store, query.table)),
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
