import { auditTable } from '../migrations/audit-table.ts'
import type { Migration } from '../migrations/migration.ts'

/** Cases that wait for people, in a file of their own beside the request log, with a chain of what became of them. */
const cases: Migration = {
  number: 1,
  name: 'cases',
  sql: `
CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  request TEXT NOT NULL,
  place INTEGER NOT NULL,
  level TEXT NOT NULL,
  sight TEXT NOT NULL,
  why TEXT NOT NULL,
  row TEXT NOT NULL,
  protected TEXT NOT NULL,
  choices TEXT,
  target TEXT,
  answer TEXT,
  score REAL,
  fallback INTEGER NOT NULL,
  reasons TEXT,
  state TEXT NOT NULL,
  queued_ms INTEGER NOT NULL,
  due_ms INTEGER,
  force_ms INTEGER,
  holder TEXT,
  held_ms INTEGER,
  taken_ms INTEGER,
  first TEXT,
  first_ms INTEGER,
  decision TEXT,
  decided_by TEXT,
  decided_ms INTEGER,
  note TEXT,
  ms INTEGER
) STRICT;
CREATE INDEX cases_that_wait ON cases (model, number) WHERE state IN ('queued', 'pending');
CREATE INDEX cases_by_end ON cases (model, decided_ms) WHERE state IN ('decided', 'in-force');
${auditTable}`,
}

export const queueMigrations: readonly Migration[] = [cases]
