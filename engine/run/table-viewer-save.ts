import { existsSync, mkdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { temporaryFile } from '#compute/temporary-file'
import type { SaveRowsQuery } from '#contract'
import type { Store } from '#store/open-store'
import { projectPath } from './project-paths.ts'
import { readTable, type TableViewer } from './table-viewer.ts'

interface Shop {
  readonly project: string
  readonly store: Store
  readonly viewer: Pick<TableViewer, 'numbers'>
}

/** Rows of a view as a file of their own among the project's data; nothing is written over. */
export async function saveViewedRows(
  { project, store, viewer }: Shop,
  asked: SaveRowsQuery,
): Promise<{ path: string }> {
  const { rows, columns, format, ...query } = asked
  const [first, last] = [Math.max(0, Math.floor(rows[0])), Math.floor(rows[1])]
  const table = await readTable(store, query.table)
  const numbers = await viewer.numbers({ ...query, offset: first, limit: last - first + 1 })
  const { saveRows } = await import('#compute/table/save-rows')
  const written = temporaryFile(store.temporary, format)
  await saveRows(
    { blobs: store.files, temporary: store.temporary },
    {
      table,
      columns: table.columns.slice(Math.max(0, columns[0]), columns[1] + 1),
      rows: numbers ?? { first, last },
      file: written,
      format,
    },
  )
  return { path: projectPath(project, moveToData(project, written, format)) }
}

function moveToData(project: string, written: string, format: string): string {
  const folder = path.join(project, 'data')
  mkdirSync(folder, { recursive: true })
  for (let copy = 1; ; copy++) {
    const file = path.join(folder, `selection${copy === 1 ? '' : `-${copy}`}.${format}`)
    if (existsSync(file)) continue
    renameSync(written, file)
    return file
  }
}
