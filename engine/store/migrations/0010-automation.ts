import type { Migration } from './migration.ts'

/** How much a served version decides by itself, and the files that were scored in batches. */
export const automation: Migration = {
  number: 10,
  name: 'automation',
  sql: `
ALTER TABLE model_versions ADD COLUMN automation TEXT;

CREATE TABLE batches (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  selector TEXT NOT NULL,
  version INTEGER NOT NULL,
  model TEXT NOT NULL REFERENCES artifacts (hash),
  job TEXT,
  inputs TEXT NOT NULL,
  output TEXT NOT NULL,
  reasons INTEGER NOT NULL,
  status TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  rows INTEGER,
  rejected INTEGER,
  output_hash TEXT,
  rejected_hash TEXT,
  problem TEXT,
  FOREIGN KEY (name, version) REFERENCES model_versions (name, version)
) STRICT;
CREATE INDEX batches_by_key ON batches (key);
`,
}
