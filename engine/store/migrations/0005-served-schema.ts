import type { Migration } from './migration.ts'

/** The data contract that rows for a version of a model have to keep. */
export const servedSchema: Migration = {
  number: 5,
  name: 'served-schema',
  sql: 'ALTER TABLE model_versions ADD COLUMN schema TEXT REFERENCES artifacts (hash)',
}
