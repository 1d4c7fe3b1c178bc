import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { type Engine, type FileEntry, type PipelineDocument, ProblemError } from '#contract'
import { parseDocument } from '#graph/parse'
import { replaceFile } from '#store/durable-file'
import { hashBytes, hashFile } from '#store/hashing'
import { pipelineEnding, readText } from './pipeline-files.ts'
import { browsable, insideProject, isInside, projectPath } from './project-paths.ts'

type Listing = Awaited<ReturnType<Engine['files']>>

/** A folder for the app's own file browser: folders first, hidden ones left out, files of the given endings. */
export function listFolder(project: string, a: { folder: string; extensions?: readonly string[] }): Listing {
  const folder = a.folder === '~' ? homedir() : insideProject(project, a.folder === '' ? '.' : a.folder)
  if (!browsable(project, folder))
    throw new ProblemError({
      code: 'not-found',
      message: `The folder "${a.folder}" is neither in the project nor in your home folder.`,
      fix: 'Type the whole path of the file instead.',
    })
  const parent = path.dirname(folder)
  const endings = a.extensions?.map((ending) => `.${ending.replace(/^\./, '').toLowerCase()}`)
  const entries = readFolder(folder, a.folder)
    .filter((entry) => !entry.name.startsWith('.'))
    .flatMap((entry) => describeEntry(project, path.join(folder, entry.name), entry.name))
    .filter((entry) => entry.folder || !endings || endings.some((ending) => entry.name.toLowerCase().endsWith(ending)))
    .sort((a, b) => Number(b.folder) - Number(a.folder) || (a.name < b.name ? -1 : 1))
  return {
    folder: projectPath(project, folder) || '.',
    parent: parent !== folder && browsable(project, parent) ? projectPath(project, parent) || '.' : null,
    entries,
  }
}

function readFolder(folder: string, name: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new ProblemError(
      { code: 'not-found', message: `The folder "${name}" can not be opened.`, fix: 'Choose another folder.' },
      { cause },
    )
  }
}

function describeEntry(project: string, file: string, name: string): FileEntry[] {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat?.isDirectory()) return [{ name, path: projectPath(project, file), folder: true }]
  return stat?.isFile() ? [{ name, path: projectPath(project, file), folder: false, bytes: stat.size }] : []
}

/** Keeps a dropped file in the project's data folder under its own name; one of other content of that name stays. */
export function keepUpload(project: string, a: { name: string; bytes: Uint8Array }): { path: string } {
  const name = path
    .basename(a.name.replaceAll('\\', '/'))
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '-')
    .replace(/^\.+/, '')
  const { name: stem, ext } = path.parse(name || 'file')
  const folder = path.join(project, 'data')
  mkdirSync(folder, { recursive: true })
  const hash = hashBytes(a.bytes)
  for (let copy = 1; ; copy++) {
    const file = path.join(folder, copy === 1 ? `${stem}${ext}` : `${stem}-${copy}${ext}`)
    if (!existsSync(file)) replaceFile(file, a.bytes)
    else if (!statSync(file).isFile() || hashFile(file) !== hash) continue
    return { path: projectPath(project, file) }
  }
}

const deepest = 4

/** Pipeline files of the project, by path. Files that can not be read as pipelines are left out. */
export function findPipelines(
  project: string,
): readonly { readonly path: string; readonly document: PipelineDocument }[] {
  const found: { path: string; document: PipelineDocument }[] = []
  const visit = (folder: string, depth: number) => {
    for (const entry of readFolder(folder, folder)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const file = path.join(folder, entry.name)
      if (entry.isDirectory() && depth < deepest && isInside(project, file)) visit(file, depth + 1)
      if (!entry.isFile() || !entry.name.endsWith(pipelineEnding)) continue
      const { document } = parseDocument(readText(file, entry.name))
      if (document) found.push({ path: projectPath(project, file), document })
    }
  }
  visit(project, 0)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}
