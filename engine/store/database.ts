import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { ProblemError } from '#contract'
import { allMigrations } from './migrations/all-migrations.ts'
import type { Migration } from './migrations/migration.ts'

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, string | number | null>>
export type Binding = string | number | null

export interface Database {
  all(sql: string, ...bindings: readonly Binding[]): readonly Row[]
  get(sql: string, ...bindings: readonly Binding[]): Row | undefined
  /** Gives the row id of an insert. */
  run(sql: string, ...bindings: readonly Binding[]): number
  /** All or nothing, begun as a writer. Inside another transaction it joins that. */
  transaction<T>(work: () => T): T
  /** The same, on the disk before it returns: for the audit chain. */
  lastingTransaction<T>(work: () => T): T
  close(): void
}

const busyMs = 15_000

/** Opens the project's lineage, or a database of other migrations; makes it and brings it up to date when needed. Several processes may have it open. */
export function openDatabase(file: string, migrations: readonly Migration[] = allMigrations): Database {
  mkdirSync(path.dirname(file), { recursive: true })
  const sqlite = new Sqlite(file, { timeout: busyMs })
  switchToWriteAheadLog(sqlite)
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('cache_size = -16000')
  migrate(sqlite, migrations)
  const statements = new Map<string, Sqlite.Statement>()
  const prepared = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const statement = sqlite.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const transaction = <T>(work: () => T): T => (sqlite.inTransaction ? work() : sqlite.transaction(work).immediate())
  return {
    all: (sql, ...bindings) => prepared(sql).all(...bindings) as Row[],
    get: (sql, ...bindings) => prepared(sql).get(...bindings) as Row | undefined,
    run: (sql, ...bindings) => Number(prepared(sql).run(...bindings).lastInsertRowid),
    transaction,
    lastingTransaction(work) {
      sqlite.pragma('synchronous = FULL')
      try {
        return transaction(work)
      } finally {
        sqlite.pragma('synchronous = NORMAL')
      }
    },
    close() {
      if (!sqlite.open) return
      sqlite.pragma('optimize')
      sqlite.close()
    },
  }
}

/** Two processes that switch a new file at once are refused without waiting: the one that lost looks again. */
function switchToWriteAheadLog(sqlite: Sqlite.Database, attempts = 50): void {
  try {
    sqlite.pragma('journal_mode = WAL')
  } catch (error) {
    if (attempts === 0 || (error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    switchToWriteAheadLog(sqlite, attempts - 1)
  }
}

function migrate(sqlite: Sqlite.Database, migrations: readonly Migration[]): void {
  const version = () => sqlite.pragma('user_version', { simple: true }) as number
  if (version() > migrations.length) throw newer()
  if (version() === migrations.length) return
  sqlite
    .transaction(() => {
      for (const migration of migrations.slice(version())) {
        sqlite.exec(migration.sql)
        sqlite.pragma(`user_version = ${migration.number}`)
      }
    })
    .immediate()
}

function newer(): ProblemError {
  return new ProblemError({
    code: 'document-newer',
    message: 'The lineage of this project was written by a newer Plumbline.',
    fix: 'Open the project with a newer Plumbline.',
  })
}
