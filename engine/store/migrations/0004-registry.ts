import type { Migration } from './migration.ts'

/** The model registry: versions with their stages, the order of what was in production, and who serves what. */
export const registry: Migration = {
  number: 4,
  name: 'registry',
  sql: `
CREATE TABLE registered_models (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  reviewers TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model_versions (
  name TEXT NOT NULL REFERENCES registered_models (name),
  version INTEGER NOT NULL,
  model TEXT NOT NULL REFERENCES artifacts (hash),
  stage TEXT NOT NULL,
  tags TEXT NOT NULL,
  metrics TEXT NOT NULL,
  card TEXT REFERENCES artifacts (hash),
  fallback TEXT,
  run TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  rolled_back_at TEXT,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX model_versions_by_model ON model_versions (name, model);
CREATE UNIQUE INDEX model_in_production ON model_versions (name) WHERE stage = 'production';

CREATE TABLE model_aliases (
  name TEXT NOT NULL,
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (name, alias),
  FOREIGN KEY (name, version) REFERENCES model_versions (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE production_changes (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  before INTEGER REFERENCES production_changes (number),
  at TEXT NOT NULL,
  FOREIGN KEY (name, version) REFERENCES model_versions (name, version)
) STRICT;
CREATE INDEX production_changes_by_name ON production_changes (name, number);

CREATE TABLE model_servers (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  selector TEXT NOT NULL,
  version INTEGER NOT NULL,
  address TEXT NOT NULL,
  started_at TEXT NOT NULL,
  heartbeat_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
