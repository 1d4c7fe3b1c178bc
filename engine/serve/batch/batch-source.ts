import path from 'node:path'
import { createFolderBlobs } from '#compute/blob-files'
import { isTextual } from '#compute/cell-builders'
import { type DuckSession, openSession } from '#compute/duckdb-session'
import { ingestFile, peekFile } from '#compute/ingest-file'
import { formatOf, resolveFiles } from '#compute/read/resolve-files'
import { type Column, type JsonValue, ProblemError, type Table } from '#contract'

/** A file to score as a table of its own row groups, and the lines of it that could not be read. */
export interface BatchSource {
  readonly columns: readonly Column[]
  /** Parquet files. */
  readonly rows: string
  readonly rejected: string
  readonly rejectedRows: number
}

/** The column that holds the line a row began on; of Parquet files there is none. */
export const lineColumn = '__line'
const memoryBytes = 1_073_741_824

interface Reading {
  readonly file: string
  readonly features: readonly Column[]
  /** Where the table is written. */
  readonly folder: string
  readonly cancelled: () => boolean
  readonly throwIfCancelled: () => void
}

/** Reads a file of any size into `folder`, columns of the model as the types it takes, others as they stand in the file. */
export async function ingestSource(a: Reading): Promise<BatchSource> {
  const blobs = createFolderBlobs(path.join(a.folder, 'tables'))
  const temporary = path.join(a.folder, 'temporary')
  let opened: Promise<DuckSession> | undefined
  const session = () => {
    opened ??= openSession({ temporary, threads: 1, bytes: memoryBytes, cancelled: a.cancelled })
    return opened
  }
  const context = {
    blobs,
    project: path.dirname(a.file),
    temporary,
    session,
    throwIfCancelled: a.throwIfCancelled,
  }
  try {
    const options = await readingOptions(context, a)
    const { table, rejected } = await ingestFile(context, a.file, options)
    checkColumns(table, a)
    return {
      columns: table.columns,
      rows: blobs.path(table.data),
      rejected: blobs.path(rejected.data),
      rejectedRows: rejected.rows,
    }
  } finally {
    ;(await opened)?.close()
  }
}

/** Delimited files are read by the model's types and nobody's guess; Parquet files have types of their own. */
async function readingOptions(
  context: Parameters<typeof peekFile>[0],
  { file, features }: Reading,
): Promise<Readonly<Record<string, JsonValue>>> {
  const [source] = resolveFiles(context.project, file)
  if (formatOf(source!, 'auto') === 'parquet') return {}
  const { columns } = await peekFile(context, file, {})
  const wanted = new Map(features.map(({ name, type }) => [name, type]))
  const types = Object.fromEntries(columns.map(({ name }) => [name, wanted.get(name) ?? 'text']))
  return { types, dates: 'year-first', lines: lineColumn }
}

function checkColumns({ columns }: Table, { features, file }: Reading): void {
  const name = path.basename(file)
  const missing = features.filter((feature) => !columns.some((column) => column.name === feature.name))
  if (missing.length > 0)
    throw new ProblemError({
      code: 'column-unknown',
      message: `${name} has no column ${missing.map((column) => `"${column.name}"`).join(', ')}, which the model needs.`,
      columns: missing.slice(0, 20).map((column) => column.name),
      fix: 'Add the column to the file; cells that are not known stay empty.',
    })
  for (const feature of features) {
    const column = columns.find((one) => one.name === feature.name)!
    if (!takes(feature, column))
      throw new ProblemError({
        code: 'column-type',
        message: `The model takes "${feature.name}" as ${feature.type}; in ${name} it is ${column.type}.`,
        columns: [feature.name],
        fix: `Save the column ${feature.name} as ${feature.type}.`,
      })
  }
}

function takes(feature: Column, column: Column): boolean {
  if (isTextual(feature)) return isTextual(column)
  if (feature.type === 'number' || feature.type === 'integer')
    return column.type === 'number' || column.type === 'integer'
  return column.type === feature.type
}
