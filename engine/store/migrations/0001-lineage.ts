import type { Migration } from './migration.ts'

/** Pipelines, runs, steps and what flows between them. */
export const lineage: Migration = {
  number: 1,
  name: 'lineage',
  sql: `
CREATE TABLE pipelines (
  id INTEGER PRIMARY KEY,
  file TEXT,
  name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX pipelines_by_file ON pipelines (file) WHERE file IS NOT NULL;
CREATE UNIQUE INDEX pipelines_by_name ON pipelines (name) WHERE file IS NULL;

CREATE TABLE pipeline_versions (
  hash TEXT PRIMARY KEY,
  document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE environments (
  hash TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE engines (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  started_at TEXT NOT NULL,
  heartbeat_ms INTEGER NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  pipeline INTEGER NOT NULL REFERENCES pipelines (id),
  version TEXT NOT NULL REFERENCES pipeline_versions (hash),
  environment TEXT NOT NULL REFERENCES environments (hash),
  engine TEXT NOT NULL REFERENCES engines (id),
  seed INTEGER NOT NULL,
  targets TEXT NOT NULL,
  status TEXT NOT NULL,
  verdict TEXT,
  started_at TEXT NOT NULL,
  ms INTEGER
) STRICT;
CREATE INDEX runs_by_pipeline ON runs (pipeline, number);
CREATE INDEX runs_by_engine ON runs (engine) WHERE status = 'running';

CREATE TABLE artifacts (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  rows INTEGER,
  columns INTEGER,
  verdict TEXT,
  made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE artifact_references (
  artifact TEXT NOT NULL REFERENCES artifacts (hash),
  content TEXT NOT NULL,
  PRIMARY KEY (artifact, content)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_keys (
  key TEXT PRIMARY KEY,
  parts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cache (
  key TEXT PRIMARY KEY REFERENCES step_keys (key),
  card TEXT,
  verdict TEXT,
  report TEXT,
  metrics TEXT NOT NULL,
  ms INTEGER NOT NULL,
  peak_bytes INTEGER,
  made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cache_outputs (
  key TEXT NOT NULL REFERENCES cache (key) ON DELETE CASCADE,
  port TEXT NOT NULL,
  artifact TEXT NOT NULL REFERENCES artifacts (hash),
  PRIMARY KEY (key, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  position INTEGER NOT NULL,
  node TEXT NOT NULL,
  type TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT,
  status TEXT NOT NULL,
  key TEXT REFERENCES step_keys (key),
  ms INTEGER,
  peak_bytes INTEGER,
  verdict TEXT,
  card TEXT,
  report TEXT,
  problems TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  UNIQUE (run, node)
) STRICT;

CREATE TABLE newest_steps (
  pipeline INTEGER NOT NULL REFERENCES pipelines (id),
  node TEXT NOT NULL,
  step INTEGER NOT NULL REFERENCES steps (id),
  PRIMARY KEY (pipeline, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_inputs (
  step INTEGER NOT NULL REFERENCES steps (id),
  port TEXT NOT NULL,
  position INTEGER NOT NULL,
  artifact TEXT NOT NULL REFERENCES artifacts (hash),
  PRIMARY KEY (step, port, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_inputs_by_artifact ON step_inputs (artifact);

CREATE TABLE step_outputs (
  step INTEGER NOT NULL REFERENCES steps (id),
  port TEXT NOT NULL,
  artifact TEXT NOT NULL REFERENCES artifacts (hash),
  PRIMARY KEY (step, port)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_outputs_by_artifact ON step_outputs (artifact);

CREATE TABLE parameters (
  step INTEGER NOT NULL REFERENCES steps (id),
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (step, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
  step INTEGER NOT NULL REFERENCES steps (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  better TEXT NOT NULL,
  value REAL,
  low REAL,
  high REAL,
  n INTEGER,
  PRIMARY KEY (step, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_name ON metrics (name);

CREATE TABLE sources (
  step INTEGER NOT NULL REFERENCES steps (id),
  path TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (step, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number),
  node TEXT,
  at TEXT NOT NULL,
  level TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX logs_by_run ON logs (run);
`,
}
