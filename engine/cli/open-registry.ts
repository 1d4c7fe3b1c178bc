import { existsSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '#contract'
import { type Database, openDatabase } from '#store/database'
import { storeFolder } from '#store/open-store'

/** Does some work with a project's registry, without starting an engine: a rollback should not wait for one. */
export function withRegistry<T>(project: string, work: (db: Database) => T): T {
  const file = path.join(storeFolder(project), 'lineage.sqlite')
  if (!existsSync(file))
    throw new ProblemError({
      code: 'not-found',
      message: 'Nothing has run in this project yet, so it has no models.',
      fix: 'Run a pipeline with a release/register node, or name the project with --project.',
    })
  const db = openDatabase(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}
