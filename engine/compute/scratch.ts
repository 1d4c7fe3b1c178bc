import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { InferContext, ReportBlock, RunContext } from '#contract'
import { type BlobFiles, createFolderBlobs } from './blob-files.ts'
import { createInferContext, createRunContext } from './context.ts'

/** Real contexts over a fresh temporary folder: what node tests run in. */
export interface Scratch {
  /** The project folder: files placed here are read by relative paths. */
  readonly folder: string
  readonly blobs: BlobFiles
  readonly context: RunContext
  readonly infer: InferContext
  /** Progress and log of the context, in order. */
  readonly progress: readonly number[]
  readonly messages: readonly string[]
  /** What the context was told to show, newest last. */
  readonly shown: readonly (readonly ReportBlock[])[]
  /** From now on the context says that the run was cancelled. */
  cancel(): void
  /** From now on the context says that a result is wanted early. */
  finish(): void
  /** Gives the crews so many threads from now on. */
  grow(threads: number): void
  /** Drops the checkpoint, as the engine does once a step is done. */
  dropCheckpoint(): Promise<void>
  close(): Promise<void>
}

export async function openScratch(options: { seed?: number; threads?: number; bytes?: number } = {}): Promise<Scratch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plumbline-'))
  const blobs = createFolderBlobs(path.join(folder, 'blobs'))
  const temporary = path.join(folder, 'temporary')
  const progress: number[] = []
  const messages: string[] = []
  const shown: (readonly ReportBlock[])[] = []
  const crews: ((threads: number) => void)[] = []
  let cancelled = false
  let finishing = false
  const context = createRunContext({
    blobs,
    project: folder,
    temporary,
    seed: options.seed ?? 1,
    budget: { threads: options.threads ?? 1, bytes: options.bytes ?? 1_073_741_824 },
    engineVersion: '0.1.0',
    onProgress: (fraction) => progress.push(fraction),
    onLog: (message) => messages.push(message),
    onShow: (blocks) => shown.push(blocks),
    onCrew: (grow) => crews.push(grow),
    cancelled: () => cancelled,
    finishing: () => finishing,
    checkpoint: path.join(folder, 'checkpoint'),
  })
  const infer = createInferContext({ project: folder, temporary })
  return {
    folder,
    blobs,
    context,
    infer,
    progress,
    messages,
    shown,
    cancel() {
      cancelled = true
    },
    finish() {
      finishing = true
    },
    grow(threads) {
      for (const give of crews) give(threads)
    },
    dropCheckpoint: () => rm(path.join(folder, 'checkpoint'), { force: true }),
    async close() {
      await context.close()
      await infer.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
