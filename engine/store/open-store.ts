import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type ContentFiles, openContentFiles } from './content-files.ts'
import { type Database, openDatabase } from './database.ts'
import { closeEngine, interruptLostRuns, livingEngines, registerEngine } from './engine-register.ts'
import { makeFolder } from './make-folder.ts'

/** A project's `.plumbline` folder: artifacts, lineage, temporary files. */
export interface Store {
  readonly folder: string
  readonly files: ContentFiles
  readonly db: Database
  /** Id of this engine in the lineage. */
  readonly engine: string
  /** This engine's own temporary folder, on the same disk as the artifacts. */
  readonly temporary: string
  close(): void
}

export const storeFolder = (project: string) => path.join(project, '.plumbline')
export const artifactsFolder = (project: string) => path.join(storeFolder(project), 'artifacts')

/** Opens the store, marks runs whose engine was lost as interrupted and clears what such engines left half done. */
export function openStore(project: string): Store {
  const folder = storeFolder(project)
  makeFolder(folder)
  const ignore = path.join(folder, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  const files = openContentFiles(artifactsFolder(project))
  const db = openDatabase(path.join(folder, 'lineage.sqlite'))
  const engine = registerEngine(db)
  interruptLostRuns(db)
  const temporary = path.join(folder, 'temporary', engine)
  clearTemporary(path.dirname(temporary), () => livingEngines(db))
  mkdirSync(temporary, { recursive: true })
  return {
    folder,
    files,
    db,
    engine,
    temporary,
    close() {
      closeEngine(db, engine)
      db.close()
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** Lists first and asks who lives after that: an engine is registered before it makes its folder. */
function clearTemporary(folder: string, living: () => ReadonlySet<string>): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  const kept = living()
  for (const name of names) if (!kept.has(name)) rmSync(path.join(folder, name), { recursive: true, force: true })
}
