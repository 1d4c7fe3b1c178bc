import { type Column, type JsonValue, ProblemError, type Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import type { DuckSession } from './duckdb-session.ts'
import { isImages } from './images/image-options.ts'
import { ingestImages, peekImages } from './images/ingest-images.ts'
import { ingestDelimited, rejectedColumns } from './read/ingest-delimited.ts'
import { ingestParquet, peekParquet } from './read/ingest-parquet.ts'
import { type ReadOptions, readOptions } from './read/reading.ts'
import { type FileFormat, formatOf, resolveFiles, type SourceFile } from './read/resolve-files.ts'
import { type Sniffing, sniffFiles } from './read/sniff-file.ts'
import { decodeCell } from './read/text-pieces.ts'
import { writeTable } from './write-frame.ts'

export interface IngestContext {
  readonly blobs: BlobFiles
  readonly project: string
  readonly temporary: string
  readonly session: () => Promise<DuckSession>
  readonly throwIfCancelled: () => void
  readonly onProgress?: (fraction: number) => void
}

type Options = Readonly<Record<string, JsonValue>>

interface Resolved {
  readonly files: readonly SourceFile[]
  readonly format: FileFormat
  readonly options: ReadOptions
}

function resolve(project: string, path: string, given: Options): Resolved {
  const options = readOptions(given)
  const files = resolveFiles(project, path)
  const format = formatOf(files[0]!, options.format)
  const odd = files.find((file) => formatOf(file, options.format) !== format)
  if (odd)
    throw new ProblemError({
      code: 'file-format',
      message: `${odd.name} has another format than ${files[0]!.name}.`,
      path: ['params', 'path'],
      fix: 'Name only files of one format',
    })
  return { files, format, options }
}

/** What the sniffer found, as the report shows it. */
function readingOf(sniffing: Sniffing, files: readonly SourceFile[]): JsonValue {
  const { dialect, encoding, style, notes, whole } = sniffing
  return {
    format: 'csv',
    files: files.map((file) => file.name),
    packing: files[0]!.packing,
    encoding,
    delimiter: decodeCell(dialect.delimiter) ?? dialect.delimiter,
    quote: dialect.quote,
    header: dialect.header,
    comments: dialect.skippedLines,
    decimal: style.decimal,
    thousands: style.thousands,
    sampled: whole ? 'all' : 'part',
    notes: [...notes],
  }
}

/** Reads an external file into a table; what can not be read comes back as rows with file, line, text and reason. */
export async function ingestFile(
  context: IngestContext,
  path: string,
  given: Options,
): Promise<{ readonly table: Table; readonly rejected: Table; readonly reading: JsonValue }> {
  if (isImages(given)) return ingestImages(context, path, given)
  const { files, format, options } = resolve(context.project, path, given)
  if (format === 'parquet') {
    const table = await ingestParquet(context, files, options)
    const rejected = await writeTable(context.blobs, context.temporary, rejectedColumns, () => {})
    return { table, rejected, reading: { format: 'parquet', files: files.map((file) => file.name), notes: [] } }
  }
  const { table, rejected, sniffing } = await ingestDelimited(context, files, options)
  return { table, rejected, reading: readingOf(sniffing, files) }
}

/** Columns of a file from its head, as reading it will give them. */
export async function peekFile(
  context: Pick<IngestContext, 'project' | 'session'>,
  path: string,
  given: Options,
): Promise<{ readonly columns: readonly Column[]; readonly rows?: number }> {
  if (isImages(given)) return peekImages(context, path, given)
  const { files, format, options } = resolve(context.project, path, given)
  if (format === 'parquet') return peekParquet(await context.session(), files, options)
  return { columns: (await sniffFiles(files, options)).columns }
}
