import path from 'node:path'

export { findProject, projectFile } from '#run/projects'

/** A file as the engine names it: relative to the project with forward slashes, absolute when it lies outside. */
export function projectPath(project: string, file: string): string {
  const relative = path.relative(path.resolve(project), path.resolve(file))
  if (relative.startsWith('..') || path.isAbsolute(relative)) return path.resolve(file)
  return relative.split(path.sep).join('/')
}
