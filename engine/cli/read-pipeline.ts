import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type NodeCard, type PipelineDocument, type Problem, ProblemError } from '#contract'
import { expandGroups, resolveSettings } from '#graph/groups/expand-groups'
import { parseDocument } from '#graph/parse'
import { applySettings, settingSchema, settingTarget } from '#graph/set-inputs'
import { projectPath } from '#run/project-paths'
import { UsageError } from './command.ts'
import type { Io } from './io.ts'
import type { NamedFile } from './project.ts'

export interface ReadPipeline {
  readonly document?: PipelineDocument
  /** The faulty document without its faulty parts: to find the other problems, never to run. */
  readonly salvaged?: PipelineDocument
  readonly problems: readonly Problem[]
}

export async function readPipeline(file: NamedFile): Promise<ReadPipeline> {
  let text: string
  try {
    text = await readFile(file.path, 'utf8')
  } catch (cause) {
    const reason =
      cause instanceof Error && 'code' in cause && cause.code === 'EISDIR'
        ? 'it is a folder'
        : String((cause as Error).message)
    throw new ProblemError(
      {
        code: 'file-unreadable',
        message: `${file.file} can not be read: ${reason}.`,
        fix: 'Name a pipeline file; its name ends in .plumb.json.',
      },
      { cause },
    )
  }
  return parseDocument(text)
}

/** `--set NAME=VALUE` words as names and values. */
export function readSettings(words: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const word of words) {
    const equals = word.indexOf('=')
    if (equals < 1)
      throw new UsageError(`--set needs a name and a value, but has "${word}".`, 'Write --set NAME=VALUE.')
    settings[word.slice(0, equals)] = word.slice(equals + 1)
  }
  return settings
}

/** The document with the settings applied, without groups where there are any; paths on the command line start from the working directory. */
export function withSettings(
  document: PipelineDocument,
  settings: Readonly<Record<string, string>>,
  place: NamedFile,
  cards: readonly NodeCard[],
  io: Io,
): PipelineDocument {
  if (Object.keys(settings).length === 0) return document
  const titles = new Map(cards.map(({ type, title }) => [type, title]))
  const expanded = expandGroups(document, (type) => titles.get(type))
  if (expanded.problems.length > 0) throw new ProblemError(expanded.problems)
  const flat = expanded.document
  const resolved = Object.entries(resolveSettings(expanded, settings)).map(([name, value]) => {
    const target = settingTarget(flat, name)
    const isFile = target && settingSchema(flat, target, cards)?.widget === 'file'
    return [name, isFile ? settingPath(value, place.project, io.cwd) : value] as const
  })
  return applySettings(flat, Object.fromEntries(resolved), cards)
}

/** Relative to the project when inside it, else absolute; a name that only the project knows stays as it is. */
export function settingPath(value: string, project: string, cwd: string): string {
  if (value === '') return value
  const here = path.resolve(cwd, value)
  if (!existsSync(here) && existsSync(path.resolve(project, value))) return value
  return projectPath(project, here)
}
