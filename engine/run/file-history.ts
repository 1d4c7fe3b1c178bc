import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { documentFormat, type HistoryOfFiles, type KeptEdits, type NamedState, ProblemError } from '#contract'
import { replaceFile } from '#store/durable-file'
import { followMovedFile, markFile } from './moved-files.ts'
import { keptName } from './project-paths.ts'

/** More than this is not read by a person; older edits are forgotten first. */
const mostBytes = 4 << 20

/**
 * Undo and named states of a project's files, in the store: `history/FILE/edits.json` and `history/FILE/states/ID.json`. They
 * follow a file that was renamed or moved by other programs.
 */
export function fileHistory(project: string, storeFolder: string): Omit<HistoryOfFiles, 'fileRevision'> {
  const folder = (name: string) => path.join(storeFolder, 'history', keptName(project, name))
  const edits = (name: string) => path.join(folder(name), 'edits.json')
  const state = (name: string, id: string) => path.join(folder(name), 'states', `${plainId(id)}.json`)
  return {
    async history({ path: name }) {
      followMovedFile(project, storeFolder, name)
      return {
        edits: readKept<KeptEdits>(edits(name), (kept) => kept.document) ?? null,
        states: listStates(path.join(folder(name), 'states')),
      }
    },
    async keepEdits({ path: name, edits: kept }) {
      replaceFile(edits(name), JSON.stringify(bounded(kept)))
      markFile(project, storeFolder, name)
    },
    async nameState({ path: name, name: title, document }) {
      const named: NamedState = { id: randomUUID(), name: title, at: new Date().toISOString(), document }
      replaceFile(state(name, named.id), JSON.stringify(named))
      markFile(project, storeFolder, name)
      return named
    },
    forgetState: async ({ path: name, id }) => rmSync(state(name, id), { force: true }),
  }
}

function plainId(id: string): string {
  if (/^[0-9a-f-]{36}$/.test(id)) return id
  throw new ProblemError({
    code: 'not-found',
    message: `There is no named state "${id}".`,
    fix: 'Choose one of the list.',
  })
}

function listStates(folder: string): readonly NamedState[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readKept<NamedState>(path.join(folder, file), (kept) => kept.document) ?? [])
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** What was kept, unless it is damaged or of another format than documents have now. */
function readKept<T>(file: string, documentOf: (kept: T) => { readonly format: number }): T | undefined {
  if (!existsSync(file)) return undefined
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as T
    return documentOf(kept).format === documentFormat ? kept : undefined
  } catch {
    return undefined
  }
}

/** The newest edits that have room. */
function bounded({ document, past, future }: KeptEdits): KeptEdits {
  let room = mostBytes
  const fits = (edit: KeptEdits['past'][number]) => {
    room -= JSON.stringify(edit.changes).length
    return room >= 0
  }
  const newest = past.toReversed().findIndex((edit) => !fits(edit))
  return { document, past: newest < 0 ? past : past.slice(past.length - newest), future: future.filter(fits) }
}
