import type { Migration } from './migration.ts'

/** How new versions of a model come to answer, and what was counted of each version's answers meanwhile. */
export const rollouts: Migration = {
  number: 9,
  name: 'rollouts',
  sql: `
CREATE TABLE rollouts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL REFERENCES registered_models (name),
  strategy TEXT NOT NULL,
  champion INTEGER NOT NULL,
  challengers TEXT NOT NULL,
  settings TEXT NOT NULL,
  state TEXT NOT NULL,
  step INTEGER NOT NULL,
  ran_ms INTEGER NOT NULL,
  running_since_ms INTEGER,
  checked TEXT,
  reason TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX rollout_under_way ON rollouts (name) WHERE ended_at IS NULL;
CREATE INDEX rollouts_by_name ON rollouts (name, id);
CREATE TABLE rollout_tallies (
  rollout INTEGER NOT NULL REFERENCES rollouts (id),
  step INTEGER NOT NULL,
  version INTEGER NOT NULL,
  tally TEXT NOT NULL,
  PRIMARY KEY (rollout, step, version)
) STRICT, WITHOUT ROWID;
`,
}
