import { existsSync } from 'node:fs'
import path from 'node:path'

export const projectFile = 'plumbline.json'

/** The nearest folder above a pipeline file that holds a `plumbline.json`, else the file's own folder. */
export function findProject(file: string): string {
  const own = path.dirname(path.resolve(file))
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, projectFile))) return folder
    if (path.dirname(folder) === folder) return own
  }
}

/** A file as the engine names it: relative to the project with forward slashes, absolute when it lies outside. */
export function projectPath(project: string, file: string): string {
  const relative = path.relative(path.resolve(project), path.resolve(file))
  if (relative.startsWith('..') || path.isAbsolute(relative)) return path.resolve(file)
  return relative.split(path.sep).join('/')
}
