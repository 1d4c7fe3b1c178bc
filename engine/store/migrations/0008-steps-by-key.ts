import type { Migration } from './migration.ts'

export const stepsByKey: Migration = {
  number: 8,
  name: 'steps-by-key',
  sql: 'CREATE INDEX steps_by_key ON steps (key);',
}
