import { createHash } from 'node:crypto'
import { type BlobFiles, createFolderBlobs, noteChecked } from '#compute/blob-files'
import { createTablePages } from '#compute/table/table-pages'
import type { Hash, Table, TableQuery } from '#contract'
import { median } from '../measure-command.ts'
import type { TableSize, WideProject } from './wide-table.ts'

/** Milliseconds by the clock and of processor time, all threads together. */
export interface Taken {
  readonly wall: number
  readonly cpu: number
}

/** The same questions as `peer.py`, of the engine's own code in this process. */
export async function askEngine(
  { rows }: TableSize,
  project: WideProject,
  wanted: string,
): Promise<Record<string, Taken>> {
  const { columns, parquet } = project
  const table: Table = { kind: 'table', rows, columns, data: createHash('sha256').digest('hex') as Hash }
  const blobs: BlobFiles = { ...createFolderBlobs(project.folder), path: () => parquet }
  noteChecked(parquet)
  const pages = createTablePages({ blobs })
  const taken: Record<string, Taken> = {}
  const page = (more: Partial<TableQuery>) =>
    pages.page({ table: table.data, offset: 0, limit: 50, columns: [0, 11], ...more }, table)
  async function measure(name: string, work: () => Promise<unknown>, times = 1): Promise<void> {
    const walls: number[] = []
    const cpus: number[] = []
    for (let time = 0; time < times; time++) {
      const started = performance.now()
      const before = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(before)
      walls.push(performance.now() - started)
      cpus.push((user + system) / 1_000)
    }
    taken[name] = { wall: median(walls), cpu: median(cpus) }
  }
  const name = (at: number) => columns[at]!.name
  try {
    await measure('page', () => page({}), 3)
    await measure('middle', () => page({ offset: rows / 2 }))
    await measure('end', () => page({ offset: rows - 50 }))
    const byNumber = { column: name(7), descending: true }
    await measure('sort by a number, first rows', () => page({ sort: byNumber }))
    await measure('sort by a number, to the last row', () => page({ sort: byNumber, offset: rows - 50 }))
    await measure('sort by a text, first rows', () => page({ sort: { column: name(0), descending: false } }))
    await measure('sort by a text, to the last row', () =>
      page({ sort: { column: name(0), descending: false }, offset: rows - 50 }),
    )
    await measure('filter', () => page({ where: [{ column: name(1), range: { from: 0, to: 20_000, below: true } }] }))
    await measure('search, first hit', () => firstHit(page, wanted))
    await measure('search, all', () => page({ search: wanted }))
    await measure('summary of a number', () => pages.summarize(table, { columns: [name(7)] }))
    await measure('summary of a category', () => pages.summarize(table, { columns: [name(2)] }))
    const sampled = columns.slice(0, 12).map((column) => column.name)
    await measure('twelve summaries of a sample', () => pages.summarize(table, { columns: sampled, sample: true }))
  } finally {
    pages.close()
  }
  return taken
}

async function firstHit(page: (more: Partial<TableQuery>) => Promise<{ readonly total: number }>, search: string) {
  while ((await page({ search, view: 'bench' })).total === 0);
}
