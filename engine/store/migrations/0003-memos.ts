import type { Migration } from './migration.ts'

/** What was once worked out about files and inference, by the stamp it holds for. Losing a row costs time only. */
export const memos: Migration = {
  number: 3,
  name: 'memos',
  sql: `
CREATE TABLE file_memos (
  path TEXT PRIMARY KEY,
  stamp TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE inference_memos (
  key TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
