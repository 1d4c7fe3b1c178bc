import { existsSync, globSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Hash, ProblemError } from '#contract'
import type { Database } from '#store/database'
import { hashLargeFile } from '#store/hashing'
import { fileMemo, keepFileMemo } from '#store/memos'
import type { SourceRecord } from '#store/records'

export interface SourceFile extends SourceRecord {
  /** Size, time and number of the file when it was hashed. */
  readonly stamp: string
}

/** External files that nodes read, by the path their parameters name. */
export interface SourceFiles {
  /**
   * Content hash and size of the file, or of each file that a pattern with * or ? matches, in the order of their names.
   * Throws `file-unreadable`. Unchanged files are not read again.
   */
  read(name: string): Promise<readonly SourceFile[]>
  /** Whether a file still is what was read. */
  same(source: SourceFile): boolean
}

/** A file that was written this short ago may be written again without its time changing. */
const settledMs = 2_000

export function createSourceFiles(db: Database, project: string): SourceFiles {
  async function readOne(name: string): Promise<SourceFile> {
    const file = path.resolve(project, name)
    const stat = fileStamp(file)
    if (!stat) throw unreadable(name)
    const known = fileMemo(db, `file:${file}`, stat.stamp) as Hash | undefined
    const hash = known ?? (await readable(name, () => hashLargeFile(file)))
    if (!known && Date.now() - stat.modifiedMs > settledMs) keepFileMemo(db, `file:${file}`, stat.stamp, hash)
    return { path: name, hash, bytes: stat.bytes, stamp: stat.stamp }
  }
  return {
    async read(name) {
      const found: SourceFile[] = []
      for (const one of matches(project, name)) found.push(await readOne(one))
      if (found.length === 0) throw unreadable(name)
      return found
    },
    same: (source) => fileStamp(path.resolve(project, source.path))?.stamp === source.stamp,
  }
}

function matches(project: string, name: string): readonly string[] {
  if (!/[*?[{]/.test(name) || existsSync(path.resolve(project, name))) return [name]
  return globSync(name.replaceAll('\\', '/'), { cwd: project })
    .filter((match) => fileStamp(path.resolve(project, match)))
    .map((match) => match.split(path.sep).join('/'))
    .sort()
}

function fileStamp(file: string) {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  if (!stat?.isFile()) return undefined
  const stamp = `${stat.size} ${stat.mtimeNs} ${stat.ino}`
  return { stamp, bytes: Number(stat.size), modifiedMs: Number(stat.mtimeMs) }
}

async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

function unreadable(name: string, cause?: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'file-unreadable',
      message: `The file "${name}" is missing or can not be read.`,
      fix: 'Choose a file that exists; relative paths start at the project folder.',
    },
    { cause },
  )
}
