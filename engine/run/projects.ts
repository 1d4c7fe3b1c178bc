import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#contract'
import { makeFolder } from '#store/make-folder'

export const projectFile = 'plumbline.json'

/** Content of `plumbline.json`. */
export const projectSchema = z.object({
  format: z.literal(1).default(1),
  name: z.string().min(1),
  profiles: z.record(z.string(), z.json()).default({}),
  reviewers: z.array(z.object({ name: z.string(), role: z.string().default('') })).default([]),
})
export type Project = z.output<typeof projectSchema>

/**
 * The project a path belongs to: the nearest folder above it with a `plumbline.json`, else the file's own folder (the
 * path itself when it is a folder).
 */
export function findProject(file: string, isFolder = false): string {
  const start = isFolder ? path.resolve(file) : path.dirname(path.resolve(file))
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, projectFile))) return folder
    if (path.dirname(folder) === folder) return start
  }
}

/** Reads `plumbline.json`; a folder without one is a project that is called like the folder. */
export function readProject(folder: string): Project {
  const file = path.join(folder, projectFile)
  if (!existsSync(file)) return projectSchema.parse({ name: path.basename(folder) || 'project' })
  try {
    return projectSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message
    throw new ProblemError(
      {
        code: 'document-format',
        message: `The project file ${projectFile} in ${folder} can not be read: ${detail}`,
        fix: 'Correct the file, or take its last good version from version control.',
      },
      { cause },
    )
  }
}

/** Makes a project folder; what is there already stays as it is. Gives the files it wrote. */
export function initProject(folder: string, name = path.basename(path.resolve(folder))): readonly string[] {
  makeFolder(folder)
  const project = projectSchema.parse({ name })
  const files = {
    [projectFile]: `${JSON.stringify(project, null, 2)}\n`,
    '.gitignore': '.plumbline/\n',
  }
  const written: string[] = []
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file)
    if (existsSync(target)) continue
    writeFileSync(target, text)
    written.push(file)
  }
  return written
}
