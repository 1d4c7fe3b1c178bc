import { auditTable } from './audit-table.ts'
import type { Migration } from './migration.ts'

/** Reviews, and the chain that each run and review is entered in. Rows of the chain are never changed. */
export const reviewsAndAudit: Migration = {
  number: 2,
  name: 'reviews-and-audit',
  sql: `
CREATE TABLE reviews (
  id TEXT PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  body TEXT NOT NULL,
  imported_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_by_run ON reviews (run);
${auditTable}`,
}
