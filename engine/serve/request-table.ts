import type Sqlite from 'better-sqlite3'

const requests = `
CREATE TABLE IF NOT EXISTS requests (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  route TEXT NOT NULL,
  status INTEGER NOT NULL,
  ms REAL NOT NULL,
  rows INTEGER NOT NULL,
  fallback INTEGER NOT NULL,
  request TEXT NOT NULL,
  response TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS requests_by_time ON requests (at_ms);
`
/** Columns that came later: of a rollout the arm (champion, challenger or mixed) and its id. */
const added = [
  ['arm', 'TEXT'],
  ['rollout', 'INTEGER'],
] as const

/** The log of requests, made or brought up to date. */
export function requestsTable(sqlite: Sqlite.Database): void {
  sqlite.exec(requests)
  const known = new Set((sqlite.pragma('table_info(requests)') as { readonly name: string }[]).map(({ name }) => name))
  for (const [name, type] of added) if (!known.has(name)) sqlite.exec(`ALTER TABLE requests ADD COLUMN ${name} ${type}`)
}
