import { existsSync, readFileSync } from 'node:fs'
import type { OpenedFile, PipelineDocument, Problem } from '#contract'
import { type AnyNode, ProblemError } from '#contract'
import { migrateNodes } from '#graph/migrate'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { type UnmergedDocuments, unmergedDocuments } from '#graph/versions/unmerged-documents'
import { replaceFile } from '#store/durable-file'
import { hashBytes } from '#store/hashing'
import { insideProject, projectPath } from './project-paths.ts'

export const pipelineEnding = '.plumb.json'

/** Reads a pipeline file and brings it up to date in memory; the file stays as it is. */
export function openPipeline(project: string, catalogue: readonly AnyNode[], name: string): OpenedFile {
  const file = insideProject(project, name)
  const text = readText(file, name)
  const unmerged = unmergedDocuments(text)
  if (unmerged) return openUnmerged(projectPath(project, file), text, unmerged)
  const parsed = parseDocument(text)
  const found = { path: projectPath(project, file), revision: hashBytes(text), migrated: false }
  if (parsed.glimpse) return { ...found, document: parsed.glimpse, problems: parsed.problems, readOnly: true }
  if (!parsed.document) throw new ProblemError(parsed.problems)
  const nodes = migrateNodes(parsed.document, catalogue)
  const problems: readonly Problem[] = [...parsed.problems, ...nodes.problems]
  return {
    ...found,
    document: nodes.document,
    problems,
    migrated: parsed.migrated || nodes.report.length > 0,
    ...(nodes.report.length > 0 && { original: parsed.document, migrations: nodes.report }),
  }
}

/** A file with the marks of an unfinished merge: our side, with what the merge still has to decide. */
function openUnmerged(path: string, text: string, { ours, base, theirs }: UnmergedDocuments): OpenedFile {
  return { path, document: ours, revision: hashBytes(text), problems: [], migrated: false, unmerged: { base, theirs } }
}

/** Hash of a file's text, as `OpenedFile.revision`; null where there is none. */
export function revisionOf(project: string, name: string): string | null {
  const file = insideProject(project, name)
  return existsSync(file) ? hashBytes(readText(file, name)) : null
}

/** Writes a pipeline file at once; with a revision only over the text that was opened, with null only over nothing. */
export function savePipeline(
  project: string,
  a: { path: string; document: PipelineDocument; revision?: string | null },
): { revision: string } {
  const file = insideProject(project, a.path)
  if (!file.endsWith(pipelineEnding))
    throw new ProblemError({
      code: 'file-format',
      message: `"${a.path}" is not the name of a pipeline file.`,
      fix: `Choose a name that ends in ${pipelineEnding}.`,
    })
  const text = printDocument(a.document)
  const { document, problems } = parseDocument(text)
  if (!document) throw new ProblemError(problems)
  const expected = () => {
    const now = a.revision === undefined ? null : revisionOf(project, a.path)
    if (now !== null && now !== a.revision) throw changedOnDisk(a.path)
  }
  expected()
  replaceFile(file, text, expected)
  return { revision: hashBytes(text) }
}

function changedOnDisk(name: string): ProblemError {
  return new ProblemError({
    code: 'not-supported',
    message: `The file "${name}" was changed by another program since it was opened.`,
    fix: 'Merge the two, or save under another name.',
  })
}

export function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-unreadable',
        message: `The file "${name}" is missing or can not be read.`,
        fix: 'Choose a file that exists.',
      },
      { cause },
    )
  }
}
