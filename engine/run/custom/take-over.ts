import path from 'node:path'
import { type Hash, ProblemError } from '#contract'
import { syncFile } from '#store/durable-file'
import { hashLargeFile } from '#store/hashing'

/** What a fenced process has written is held against its names, and on the disk: it says nothing we believe, and may not sync. */
export async function takeOver(folder: string, staged: readonly Hash[]): Promise<void> {
  for (const hash of staged) {
    const file = path.join(folder, hash)
    if (!/^[0-9a-f]{64}$/.test(hash) || (await hashLargeFile(file)) !== hash)
      throw new ProblemError({
        code: 'artifact-damaged',
        message: 'A custom node left content that does not fit its name.',
        fix: 'Write blobs with context.blobs.put and tables with context.tables.write only.',
      })
    syncFile(file)
  }
}
