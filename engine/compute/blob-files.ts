import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Hash, ProblemError } from '#contract'

/** Content-addressed files, as the store gives them. */
export interface BlobFiles {
  path(hash: Hash): string
  put(bytes: Uint8Array): Promise<Hash>
  /** Hashes a temporary file and moves it in. */
  adopt(file: string): Promise<Hash>
  /** The content, checked against its name the first time in a process. */
  get(hash: Hash): Promise<Uint8Array>
}

/** SHA-256 of a file, read in pieces. */
export function hashFile(file: string): Hash {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  const descriptor = openSync(file, 'r')
  try {
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer))
      hash.update(buffer.subarray(0, count))
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex') as Hash
}

const checked = new Set<string>()

/** The path of a blob whose bytes have been compared with its name once in this process. */
export function checkedPath(blobs: BlobFiles, hash: Hash): string {
  const file = blobs.path(hash)
  if (checked.has(file)) return file
  if (!existsSync(file) || hashFile(file) !== hash) throw damagedBlob(hash)
  checked.add(file)
  return file
}

export const isChecked = (file: string): boolean => checked.has(file)

/** Takes note that a file's bytes were compared with its name elsewhere, as in a thread. */
export const noteChecked = (file: string): unknown => checked.add(file)

export function damagedBlob(hash: Hash): ProblemError {
  return new ProblemError({
    code: 'artifact-damaged',
    message: `The stored table or model ${hash.slice(0, 12)} is missing or no longer has the content its name promises.`,
    fix: 'Run the pipeline again; only the step that made it runs anew',
  })
}

/** Blobs in one plain folder: what tests and tools use where the project's store is not needed. */
export function createFolderBlobs(folder: string): BlobFiles {
  mkdirSync(folder, { recursive: true })
  const place = (hash: Hash) => path.join(folder, hash)
  return {
    path: place,
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex') as Hash
      writeFileSync(place(hash), bytes)
      return hash
    },
    async adopt(file) {
      const hash = hashFile(file)
      renameSync(file, place(hash))
      return hash
    },
    async get(hash) {
      return readFile(checkedPath(this, hash))
    },
  }
}
