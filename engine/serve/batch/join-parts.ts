import { renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { openSession, quoteName, quoteText } from '#compute/duckdb-session'
import type { Column } from '#contract'
import { siblingName, syncFile } from '#store/durable-file'
import { makeFolder } from '#store/make-folder'

/** Rejected rows of one input file: a file of lines that could not be read, and those of its parts. */
export interface RejectedParts {
  readonly name: string
  readonly unreadable: string
  readonly parts: readonly string[]
}

export interface JoinOptions {
  readonly temporary: string
  readonly cancelled: () => boolean
}
const memoryBytes = 1_073_741_824

export const formatOfName = (file: string): 'csv' | 'parquet' => (/\.parquet$/i.test(file) ? 'parquet' : 'csv')

/** Writes the parts under one another as one file, which appears whole; rows keep their order. */
export async function joinParts(
  { temporary, cancelled }: JoinOptions,
  parts: readonly string[],
  columns: readonly Column[],
  out: string,
): Promise<void> {
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  await copyTo(temporary, cancelled, `SELECT ${names} FROM read_parquet([${parts.map(quoteText).join(', ')}])`, out)
}

/** The same of rejected rows, in the order of their files and lines. */
export async function joinRejected(
  { temporary, cancelled }: JoinOptions,
  files: readonly RejectedParts[],
  out: string,
): Promise<void> {
  const selects = files.flatMap(({ name, unreadable, parts }, place) => [
    `SELECT ${place} AS place, ${quoteText(name)} AS file, line, NULL::BIGINT AS "row", reason, text FROM read_parquet(${quoteText(unreadable)})`,
    ...parts.map(
      (part) =>
        `SELECT ${place} AS place, ${quoteText(name)} AS file, line, "row", reason, text FROM read_parquet(${quoteText(part)})`,
    ),
  ])
  const sql = `SELECT file, line, "row", reason, text FROM (${selects.join(' UNION ALL ')}) ORDER BY place, coalesce(line, "row")`
  await copyTo(temporary, cancelled, sql, out)
}

async function copyTo(temporary: string, cancelled: () => boolean, sql: string, out: string): Promise<void> {
  makeFolder(path.dirname(out))
  const sibling = siblingName(out)
  const session = await openSession({ temporary, threads: 1, bytes: memoryBytes, cancelled })
  const how = formatOfName(out) === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd'
  try {
    await session.run(`COPY (${sql}) TO ${quoteText(sibling)} (${how})`)
    syncFile(sibling)
    renameSync(sibling, out)
  } finally {
    session.close()
    rmSync(sibling, { force: true })
  }
}
