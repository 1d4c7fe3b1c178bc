import { existsSync, readFileSync } from 'node:fs'
import type { OpenedFile, PipelineDocument, Problem } from '#contract'
import { type AnyNode, ProblemError } from '#contract'
import { migrateNodes } from '#graph/migrate'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { replaceFile } from '#store/durable-file'
import { hashBytes } from '#store/hashing'
import { insideProject, projectPath } from './project-paths.ts'

export const pipelineEnding = '.plumb.json'

/** Reads a pipeline file and brings it up to date in memory; the file stays as it is. */
export function openPipeline(project: string, catalogue: readonly AnyNode[], name: string): OpenedFile {
  const file = insideProject(project, name)
  const text = readText(file, name)
  const parsed = parseDocument(text)
  if (!parsed.document) throw new ProblemError(parsed.problems)
  const nodes = migrateNodes(parsed.document, catalogue)
  const problems: readonly Problem[] = [...parsed.problems, ...nodes.problems]
  return {
    path: projectPath(project, file),
    document: nodes.document,
    revision: hashBytes(text),
    problems,
    migrated: parsed.migrated || nodes.report.length > 0,
  }
}

/** Writes a pipeline file at once; with a revision only over the text that was opened. */
export function savePipeline(
  project: string,
  a: { path: string; document: PipelineDocument; revision?: string },
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
  if (a.revision !== undefined && existsSync(file)) {
    const now = hashBytes(readText(file, a.path))
    if (now !== a.revision) throw changedOnDisk(a.path)
  }
  replaceFile(file, text)
  return { revision: hashBytes(text) }
}

function changedOnDisk(name: string): ProblemError {
  return new ProblemError({
    code: 'not-supported',
    message: `The file "${name}" was changed by another program since it was opened.`,
    fix: 'Open it again, or save under another name.',
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
