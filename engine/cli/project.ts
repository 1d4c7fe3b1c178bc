import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '#contract'
import { projectPath } from '#run/project-paths'
import { findProject, projectFile } from '#run/projects'
import type { Given } from './command.ts'
import type { Io } from './io.ts'

/** A pipeline file named on the command line: where it is, its project, and how the project calls it. */
export interface NamedFile {
  readonly path: string
  readonly project: string
  readonly file: string
}

export function namedFile(given: Given, io: Io, positional = 'FILE'): NamedFile {
  const file = path.resolve(io.cwd, given.positional(positional))
  if (!existsSync(file)) throw missingFile(given.positional(positional), file)
  const project = namedProject(given, io) ?? findProject(file)
  return { path: file, project, file: projectPath(project, file) }
}

function missingFile(name: string, file: string): ProblemError {
  const folder = path.dirname(file)
  const others = existsSync(folder) ? readdirSync(folder).filter((other) => other.endsWith('.plumb.json')) : []
  return new ProblemError({
    code: 'file-unreadable',
    message: `There is no file ${name}.`,
    fix:
      others.length > 0
        ? `Name one that is there: ${others.slice(0, 8).join(', ')}.`
        : 'Name a pipeline file; its name ends in .plumb.json.',
  })
}

function namedProject(given: Given, io: Io): string | undefined {
  const named = given.value('project')
  if (named === undefined) return undefined
  const project = path.resolve(io.cwd, named)
  if (existsSync(project)) return project
  throw new ProblemError({
    code: 'file-unreadable',
    message: `There is no folder ${named}.`,
    fix: 'Name the project folder with --project DIR.',
  })
}

/**
 * The project of a command that names no file: --project, else the nearest folder above with a `plumbline.json` or a
 * store, else the one such folder just below.
 */
export function currentProject(given: Given, io: Io): string {
  const around = currentProjectOrNone(given, io)
  if (around) return around
  const below = readdirSync(io.cwd, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && isProject(path.join(io.cwd, entry.name)))
    .map((entry) => entry.name)
  if (below.length === 1) return path.join(io.cwd, below[0]!)
  throw new ProblemError({
    code: 'not-found',
    message: 'This folder belongs to no Plumbline project.',
    fix:
      below.length > 1
        ? `Name one with --project: ${below.join(', ')}.`
        : 'Name the project folder with --project DIR, or make one with "plumbline init DIR".',
  })
}

/** --project, else the nearest folder above with a `plumbline.json` or a store. */
export function currentProjectOrNone(given: Given, io: Io): string | undefined {
  const named = namedProject(given, io)
  if (named) return named
  for (let folder = path.resolve(io.cwd); ; folder = path.dirname(folder)) {
    if (isProject(folder)) return folder
    if (path.dirname(folder) === folder) return undefined
  }
}

function isProject(folder: string): boolean {
  return existsSync(path.join(folder, projectFile)) || hasLineage(folder)
}

/** Whether anything was ever run in a project. */
export function hasLineage(folder: string): boolean {
  return existsSync(path.join(folder, '.plumbline', 'lineage.sqlite'))
}
