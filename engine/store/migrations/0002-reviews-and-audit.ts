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

CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject);
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain only grows'); END;
CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain only grows'); END;
`,
}
