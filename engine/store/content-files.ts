import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Hash, ProblemError } from '#contract'
import { replaceFile, syncFile, syncFolder } from './durable-file.ts'
import { hashBytes, hashFile, hashLargeFile } from './hashing.ts'

/**
 * Immutable files named by the SHA-256 of their content, in `ab/cdef…`. A file whose content does not fit its name counts
 * as absent; writing the same content again repairs it.
 */
export interface ContentFiles {
  readonly folder: string
  path(hash: Hash): string
  put(bytes: Uint8Array): Promise<Hash>
  /** Hashes a temporary file and moves it in. */
  adopt(file: string): Promise<Hash>
  /** The content; throws `artifact-damaged` when it is missing or does not fit its name. */
  get(hash: Hash): Promise<Uint8Array>
  /** Whether the content is there and fits its name. Looked at once per process as long as size and time stay the same. */
  holds(hash: Hash): Promise<boolean>
  /** Whether a file of that name is there, its content unseen. */
  exists(hash: Hash): boolean
  /** Size in bytes, undefined when absent. */
  size(hash: Hash): number | undefined
  /** Compares the content with the name anew, whatever was seen before. */
  verify(hash: Hash): Promise<boolean>
  /** Moves files named by their hash from a folder of the same disk in. Their content must have been hashed by this process or a worker of it. */
  publish(folder: string, hashes: readonly Hash[]): void
  /** Looks at these anew when they are asked for next. */
  forget(hashes: readonly Hash[]): void
}

const smallBytes = 4 << 20

export function openContentFiles(folder: string): ContentFiles {
  const seen = new Map<Hash, string>()
  const place = (hash: Hash) => path.join(folder, hash.slice(0, 2), hash.slice(2))

  const trust = (hash: Hash) => {
    const stamp = fileStamp(place(hash))
    if (stamp) seen.set(hash, stamp.text)
  }
  const verify = async (hash: Hash): Promise<boolean> => {
    seen.delete(hash)
    const file = place(hash)
    const before = fileStamp(file)
    if (!before) return false
    const fits = (before.size > smallBytes ? await hashLargeFile(file) : hashFile(file)) === hash
    if (fits) seen.set(hash, before.text)
    return fits
  }
  const holds = async (hash: Hash): Promise<boolean> => {
    const known = seen.get(hash)
    return (known !== undefined && known === fileStamp(place(hash))?.text) || verify(hash)
  }
  const moveIn = (file: string, hash: Hash) => {
    mkdirSync(path.dirname(place(hash)), { recursive: true })
    renameSync(file, place(hash))
    trust(hash)
  }

  return {
    folder,
    path: place,
    async put(bytes) {
      const hash = hashBytes(bytes)
      if (await holds(hash)) return hash
      replaceFile(place(hash), bytes)
      trust(hash)
      return hash
    },
    async adopt(file) {
      const hash = await hashLargeFile(file)
      if (await holds(hash)) {
        rmSync(file, { force: true })
        return hash
      }
      syncFile(file)
      moveIn(file, hash)
      syncFolder(path.dirname(place(hash)))
      return hash
    },
    async get(hash) {
      if (!(await holds(hash))) throw damaged(hash)
      return readFile(place(hash))
    },
    holds,
    exists: (hash) => fileStamp(place(hash)) !== undefined,
    size: (hash) => fileStamp(place(hash))?.size,
    verify,
    publish(from, hashes) {
      for (const hash of hashes) moveIn(path.join(from, hash), hash)
      for (const parent of new Set(hashes.map((hash) => path.dirname(place(hash))))) syncFolder(parent)
    },
    forget(hashes) {
      for (const hash of hashes) seen.delete(hash)
    },
  }
}

export function damaged(hash: string): ProblemError {
  return new ProblemError({
    code: 'artifact-damaged',
    message: `The stored content ${hash.slice(0, 12)} is missing or no longer fits its name.`,
    fix: 'Run the pipeline again; only the step that made it runs anew.',
  })
}

function fileStamp(file: string): { readonly size: number; readonly text: string } | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  if (!stat?.isFile()) return undefined
  return { size: Number(stat.size), text: `${stat.size} ${stat.mtimeNs} ${stat.ino}` }
}
