import type { Migration } from './migration.ts'

/** Searches over parameters; each trial is a run. */
export const sweeps: Migration = {
  number: 7,
  name: 'sweeps',
  sql: `
CREATE TABLE sweeps (
  id TEXT PRIMARY KEY,
  pipeline INTEGER NOT NULL REFERENCES pipelines (id),
  version TEXT NOT NULL REFERENCES pipeline_versions (hash),
  engine TEXT NOT NULL,
  plan TEXT NOT NULL,
  planned INTEGER NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT NOT NULL
) STRICT;
CREATE INDEX sweeps_by_pipeline ON sweeps (pipeline, started_at);
CREATE TABLE sweep_trials (
  sweep TEXT NOT NULL REFERENCES sweeps (id),
  number INTEGER NOT NULL,
  proposal TEXT NOT NULL,
  settings TEXT NOT NULL,
  run INTEGER REFERENCES runs (number),
  problem TEXT,
  PRIMARY KEY (sweep, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_trials_by_run ON sweep_trials (run);
`,
}
