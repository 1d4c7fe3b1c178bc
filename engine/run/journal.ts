import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { PipelineDocument } from '#contract'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { replaceFile } from '#store/durable-file'
import { followMovedFile } from './moved-files.ts'
import { insideProject, keptName } from './project-paths.ts'

/** Unsaved edits, kept beside the store until they are saved. */
export interface Journal {
  /** `base` is what stood on disk before the edits. */
  keep(name: string, document: PipelineDocument | null, base?: PipelineDocument): void
  /** The edits that were not saved when the program ended, if they differ from the file. */
  recover(name: string): { document: PipelineDocument; at: string; base?: PipelineDocument } | null
}

export function createJournal(project: string, storeFolder: string): Journal {
  const entry = (name: string) => path.join(storeFolder, 'journal', `${keptName(project, name)}.json`)
  return {
    keep(name, document, base) {
      if (document === null) return rmSync(entry(name), { force: true })
      const kept = {
        at: new Date().toISOString(),
        text: printDocument(document),
        ...(base && { base: printDocument(base) }),
      }
      replaceFile(entry(name), JSON.stringify(kept))
    },
    recover(name) {
      followMovedFile(project, storeFolder, name)
      const kept = readEntry(entry(name))
      if (!kept || kept.text === diskText(insideProject(project, name))) return null
      const { document } = parseDocument(kept.text)
      const base = kept.base === undefined ? undefined : parseDocument(kept.base).document
      return document ? { document, at: kept.at, ...(base && { base }) } : null
    },
  }
}

function readEntry(file: string): { readonly at: string; readonly text: string; readonly base?: string } | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { at: string; text: string; base?: string }
  } catch {
    return undefined
  }
}

function diskText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
