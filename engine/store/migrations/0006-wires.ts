import type { Migration } from './migration.ts'

/** What was asserted of the wires from a step's outputs, and what was found. */
export const wires: Migration = {
  number: 6,
  name: 'wires',
  sql: `
CREATE TABLE wire_checks (
  step INTEGER NOT NULL REFERENCES steps (id),
  position INTEGER NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  verdict TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (step, position)
) STRICT, WITHOUT ROWID;
`,
}
