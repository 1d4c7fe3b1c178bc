import type { Column, JsonValue, Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import type { DuckSession } from './duckdb-session.ts'

export interface IngestContext {
  readonly blobs: BlobFiles
  readonly project: string
  readonly temporary: string
  readonly session: () => Promise<DuckSession>
  readonly throwIfCancelled: () => void
}

export type ReadOptions = Readonly<Record<string, JsonValue>>

export async function ingestFile(
  _context: IngestContext,
  _path: string,
  _options: ReadOptions,
): Promise<{ readonly table: Table; readonly rejected: Table }> {
  throw new Error('reading files comes next')
}

export async function peekFile(
  _context: Pick<IngestContext, 'project' | 'session'>,
  _path: string,
  _options: ReadOptions,
): Promise<{ readonly columns: readonly Column[]; readonly rows?: number }> {
  throw new Error('reading files comes next')
}
