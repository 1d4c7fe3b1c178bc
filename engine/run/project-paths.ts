import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { ProblemError } from '#contract'
import { hashBytes } from '#store/hashing'

/** A path as callers give it, as one of the disk. Relative paths must stay inside the project. */
export function insideProject(project: string, name: string): string {
  if (path.isAbsolute(name)) return path.normalize(name)
  const file = path.resolve(project, name)
  if (isInside(project, file)) return file
  throw new ProblemError({
    code: 'not-supported',
    message: `The path "${name}" leads out of the project folder.`,
    fix: 'Give the whole path of a file outside the project.',
  })
}

/** A file as the engine names it: relative to the project with forward slashes, absolute when it lies outside. */
export function projectPath(project: string, file: string): string {
  return isInside(project, file) ? path.relative(project, file).split(path.sep).join('/') : file
}

/** Under which name the store keeps what belongs to a file; the same after the project folder was moved. */
export function keptName(project: string, name: string): string {
  return hashBytes(projectPath(project, insideProject(project, name))).slice(0, 32)
}

export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

/** Folders a window may look into: those of the project and of the person. */
export function browsable(project: string, folder: string): boolean {
  const real = realPath(folder)
  return [project, homedir()].some((root) => isInside(realPath(root), real))
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}
