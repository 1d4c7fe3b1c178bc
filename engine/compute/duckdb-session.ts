import { mkdirSync } from 'node:fs'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { ProblemError } from '#contract'

/** An in-memory DuckDB that never fetches anything, spills into the temporary folder and stops when the run is cancelled. */
export interface DuckSession {
  /** Streams a query's result; the callback sees it before the connection is free again. */
  query<T>(sql: string, use: (result: DuckDBResult) => Promise<T>): Promise<T>
  run(sql: string): Promise<void>
  close(): void
}

export interface SessionOptions {
  readonly temporary: string
  readonly threads: number
  readonly bytes: number
  readonly cancelled: () => boolean
  /** The only files its queries may touch, besides the temporary folder; any file when left out. */
  readonly files?: readonly string[]
}

export const cancelledProblem = () => new ProblemError({ code: 'cancelled', message: 'The work was cancelled.' })

/** A name as a quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as a quoted SQL literal. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** DuckDB's first line says what is wrong; the rest repeats the statement. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.constructor !== Error) return error
  const { message } = error
  if (/^INTERRUPT/i.test(message)) return cancelledProblem()
  if (/out of memory|failed to allocate/i.test(message))
    return new ProblemError(
      {
        code: 'out-of-memory',
        message: 'A query needed more memory than the step may use.',
        fix: 'Give the engine more memory, or read fewer rows or columns',
      },
      { cause: error },
    )
  const file = /^Permission Error: Cannot access (?:file|directory) "(.*)" - /.exec(message)?.[1]
  if (file !== undefined)
    return new ProblemError(
      {
        code: 'data-bad',
        message: `The query names the file ${file}; a query reaches the tables it is given and nothing else.`,
        fix: 'Read the file with a node of its own, and wire its table',
      },
      { cause: error },
    )
  return new ProblemError(
    { code: 'data-bad', message: `The query could not be answered: ${plainWords(message)}` },
    { cause: error },
  )
}

/** DuckDB's first line without its kind of error and its exclamation mark. */
function plainWords(message: string): string {
  const [line] = message.replace(/^[\w ]+ Error: /, '').split('\n')
  return line!.slice(0, 500).replace(/!+(?=\s|$)/g, '.')
}

/** From now on, and for good, the connection reaches these files and no other, nor any network or extension. */
async function shutOut(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`)
  await connection.run('SET enable_external_access = false')
}

export async function openSession(options: SessionOptions): Promise<DuckSession> {
  mkdirSync(options.temporary, { recursive: true })
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(Math.max(1, options.threads)),
    memory_limit: `${Math.max(64, Math.floor(options.bytes / 1_048_576))}MiB`,
    temp_directory: options.temporary,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  })
  const connection: DuckDBConnection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  if (options.files) await shutOut(connection, options.files)
  async function watched<T>(work: () => Promise<T>): Promise<T> {
    if (options.cancelled()) throw cancelledProblem()
    const watch = setInterval(() => {
      if (options.cancelled()) connection.interrupt()
    }, 50)
    try {
      return await work()
    } catch (error) {
      throw problemOf(error)
    } finally {
      clearInterval(watch)
    }
  }
  return {
    query: (sql, use) => watched(async () => use(await connection.stream(sql))),
    run: (sql) =>
      watched(async () => {
        await connection.run(sql)
      }),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
