import type { z } from 'zod'
import { documentFormat, documentSchema, type PipelineDocument, type Problem } from '#contract'
import { sortedEdges } from './adjacency.ts'
import { migrateFormat } from './migrate.ts'
import { issueProblem } from './parameter-problem.ts'

export interface ParsedDocument {
  /** The document when its text follows the schema. */
  readonly document?: PipelineDocument
  readonly problems: Problem[]
  /** It had an older format and was brought up to date in memory. */
  readonly migrated: boolean
  /** What is left of a faulty document without its faulty parts, so that a check can name the other problems as well. Never save it. */
  readonly salvaged?: PipelineDocument
  /** What is understood of a file in a newer format: to look at, never to save or run. */
  readonly glimpse?: PipelineDocument
}

/** Reads the text of a pipeline file. Every fault is reported, none throws. */
export function parseDocument(text: string): ParsedDocument {
  const read = readJson(text)
  if ('problem' in read) return { problems: [read.problem], migrated: false }
  if (typeof read.value !== 'object' || read.value === null || Array.isArray(read.value))
    return { problems: [formatProblem('The file holds no pipeline: its text is not a JSON object.')], migrated: false }
  const raw = read.value as Record<string, unknown>
  const format = raw.format
  if (typeof format === 'number' && format > documentFormat)
    return { problems: [newerProblem(format)], migrated: false, ...glimpseOf(raw) }
  const current = migrateFormat(raw)
  const parsed = documentSchema.safeParse(current.document)
  if (parsed.success) return { document: ordered(parsed.data), problems: [], migrated: current.migrated }
  const problems = parsed.error.issues.flatMap((issue) => documentProblems(issue, current.document))
  const salvaged = salvage(current.document, parsed.error.issues)
  return { problems, migrated: current.migrated, ...(salvaged ? { salvaged } : {}) }
}

function glimpseOf(raw: Readonly<Record<string, unknown>>): Pick<ParsedDocument, 'glimpse'> {
  const parsed = documentSchema.safeParse(raw)
  if (parsed.success) return { glimpse: ordered(parsed.data) }
  const glimpse = salvage(withoutUnknownKeys(raw, parsed.error.issues), parsed.error.issues.filter(notUnknownKeys))
  return glimpse ? { glimpse } : {}
}

const notUnknownKeys = (issue: z.core.$ZodIssue) => issue.code !== 'unrecognized_keys'

function withoutUnknownKeys(
  document: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): Readonly<Record<string, unknown>> {
  const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue
    const holder = issue.path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
      copy,
    )
    for (const key of issue.keys) delete (holder as Record<string, unknown>)[key]
  }
  return copy
}

function ordered(document: PipelineDocument): PipelineDocument {
  const { groups } = document
  const inner = Object.entries(groups ?? {}).map(([name, group]) => [
    name,
    { ...group, edges: sortedEdges(group.edges) },
  ])
  return {
    ...document,
    edges: sortedEdges(document.edges),
    ...(groups && { groups: Object.fromEntries(inner) as typeof groups }),
  }
}

function readJson(text: string): { value: unknown } | { problem: Problem } {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return { value: JSON.parse(clean) as unknown }
  } catch (error) {
    return { problem: jsonProblem(clean, error instanceof Error ? error.message : '') }
  }
}

function jsonProblem(text: string, message: string): Problem {
  if (text.trim() === '') return formatProblem('The file is empty.')
  const conflict = /^(<{7}|={7}|>{7})/m.exec(text)
  if (conflict) {
    return {
      ...formatProblem(`Line ${lineOf(text, conflict.index)} holds a mark of an unfinished merge.`),
      fix: 'Resolve the merge in this file, then open it again.',
    }
  }
  const position = /position (\d+)/.exec(message)
  const place = position ? Number(position[1]) : text.length
  const cause = message.replace(/ in JSON.*$| \(line .*$/s, '')
  return formatProblem(
    `The text is not JSON at line ${lineOf(text, place)}, column ${columnOf(text, place)}: ${cause}.`,
  )
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

function columnOf(text: string, position: number): number {
  return position - text.lastIndexOf('\n', position - 1)
}

function formatProblem(message: string): Problem {
  return {
    code: 'document-format',
    message,
    fix: 'Correct the file, or take its last good version from version control.',
  }
}

function newerProblem(format: number): Problem {
  return {
    code: 'document-newer',
    message: `The file has format ${format}; this Plumbline reads formats up to ${documentFormat}.`,
    path: ['format'],
    fix: 'Open it with a newer Plumbline.',
  }
}

function documentProblems(issue: z.core.$ZodIssue, root: unknown): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const place = path.length === 0 ? 'the file' : path.join('.')
  const node = path[0] === 'nodes' && path.length > 1 ? String(path[1]) : undefined
  const { message, fix } = issueProblem(issue, `"${place}"`, root)
  return [{ code: 'document-format', message, path, ...(node ? { node } : {}), fix }]
}

/** Takes out the parts the issues point at: a node, a wire, an entry; at last gives up. */
function salvage(
  document: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): PipelineDocument | undefined {
  const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>
  const broken = new Map<string, Set<string>>()
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) for (const key of issue.keys) delete copy[key]
    const [part, entry] = issue.path.map(String)
    if (part === undefined) continue
    if (entry === undefined) delete copy[part]
    else broken.set(part, (broken.get(part) ?? new Set()).add(entry))
  }
  for (const [part, entries] of broken) copy[part] = without(copy[part], entries)
  if (typeof copy.name !== 'string' || copy.name === '') copy.name = 'unnamed'
  if (copy.format === undefined) copy.format = documentFormat
  const parsed = documentSchema.safeParse(copy)
  return parsed.success ? ordered(parsed.data) : undefined
}

function without(value: unknown, entries: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((_, index) => !entries.has(String(index)))
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(Object.entries(value).filter(([key]) => !entries.has(key)))
}
