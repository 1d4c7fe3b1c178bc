import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hash } from '#contract'
import type { ContentFiles } from './content-files.ts'
import { siblingName, syncFile, writeDurably } from './durable-file.ts'
import { hashBytes, hashLargeFile } from './hashing.ts'

/**
 * A step's view of the store: reads see the store and what the step wrote itself, writes stay in the step's own folder
 * until the engine publishes them. A step that fails, is cancelled or dies leaves nothing behind.
 */
export interface StagedBlobs {
  path(hash: Hash): string
  put(bytes: Uint8Array): Promise<Hash>
  adopt(file: string): Promise<Hash>
  get(hash: Hash): Promise<Uint8Array>
  /** Whether this step or an earlier one made the content. */
  knows(hash: Hash): boolean
  /** What waits to be published. */
  written(): readonly Hash[]
}

export function openStagedBlobs(store: ContentFiles, folder: string): StagedBlobs {
  const own = new Set<Hash>()
  const staged = (hash: Hash) => path.join(folder, hash)
  mkdirSync(folder, { recursive: true })

  return {
    path: (hash) => (own.has(hash) ? staged(hash) : store.path(hash)),
    async put(bytes) {
      const hash = hashBytes(bytes)
      if (own.has(hash) || (await store.holds(hash))) return hash
      const part = siblingName(staged(hash))
      writeDurably(part, bytes)
      renameSync(part, staged(hash))
      own.add(hash)
      return hash
    },
    async adopt(file) {
      const hash = await hashLargeFile(file)
      if (own.has(hash) || (await store.holds(hash))) {
        rmSync(file, { force: true })
        return hash
      }
      syncFile(file)
      renameSync(file, staged(hash))
      own.add(hash)
      return hash
    },
    get: async (hash) => (own.has(hash) ? readFile(staged(hash)) : store.get(hash)),
    knows: (hash) => own.has(hash) || existsSync(store.path(hash)),
    written: () => [...own].sort(),
  }
}
