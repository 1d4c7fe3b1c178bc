import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ProblemError } from '#contract'
import { artifactsFolder } from '#store/open-store'
import { forkSpawner } from '../process-spawner.ts'
import { createWorkerPool, diedProblem, type WorkerPool } from '../worker-pool.ts'
import type { Question, QuestionAnswer } from './answer-question.ts'
import { customFolder, type FoundNode } from './custom-folder.ts'

export interface CustomProcessOptions {
  readonly project: string
  /** Where steps write; the only place a custom node may. */
  readonly temporary: string
  readonly checkpoints: string
  readonly bytes: number
  readonly engineVersion: string
}

const program = path.resolve(import.meta.dirname, '../../..')
const fence = new URL('./fence.ts', import.meta.url)
const ownCatalogue = new URL('./custom-catalogue.ts', import.meta.url)
const workerModule = fileURLToPath(new URL('../worker.ts', import.meta.url))

/** Node's permission model around a custom node's process, and no more of the environment than it needs. */
export function fenceOf(
  { permissions }: FoundNode,
  { project, temporary, checkpoints }: Pick<CustomProcessOptions, 'project' | 'temporary' | 'checkpoints'>,
): { readonly flags: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  for (const folder of [temporary, checkpoints]) mkdirSync(folder, { recursive: true })
  const reads = [program, path.join(project, customFolder), artifactsFolder(project), temporary, checkpoints]
  const wanted = permissions.read.map((name) => path.resolve(project, name))
  const everything = (folder: string) => [folder, path.join(folder, '*')]
  return {
    flags: [
      '--permission',
      ...[...reads, ...wanted].flatMap(everything).map((place) => `--allow-fs-read=${place}`),
      ...[temporary, checkpoints].flatMap(everything).map((place) => `--allow-fs-write=${place}`),
      ...(permissions.native ? ['--allow-addons'] : []),
      '--import',
      fence.href,
    ],
    environment: {
      TMPDIR: temporary,
      TEMP: temporary,
      PLUMBLINE_NETWORK: permissions.network ? '1' : '0',
      PLUMBLINE_NATIVE: permissions.native ? '1' : '0',
    },
  }
}

/** Processes for one custom node. */
export function customPool(node: FoundNode, hash: string, options: CustomProcessOptions): WorkerPool {
  const { project, bytes, engineVersion } = options
  const address = new URL(ownCatalogue)
  address.searchParams.set('file', pathToFileURL(node.file).href)
  return createWorkerPool({
    stamp: () => hash,
    module: workerModule,
    setup: { catalogueUrl: address.href, project, artifacts: artifactsFolder(project), engineVersion },
    spawner: forkSpawner({
      heapMegabytes: Math.max(512, Math.floor(bytes / 1_048_576)),
      ...fenceOf(node, options),
    }),
  })
}

const answerWithinMs = 10_000

/** Asks a process and waits a while; one that says nothing is ended. */
export async function askCustom(pool: WorkerPool, type: string, question: Question): Promise<QuestionAnswer> {
  const worker = await pool.take()
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => {
        worker.kill()
        reject(silent(type))
      }, answerWithinMs)
      worker.listen({
        onMessage(message) {
          if (message.t === 'answer') resolve(message.answer)
          if (message.t === 'failed') reject(new ProblemError(message.problems))
        },
        onEnd: (end) => reject(new ProblemError(diedProblem(end))),
      })
      worker.send({ t: 'ask', id: 0, type, question })
    })
  } finally {
    clearTimeout(timer)
    pool.give(worker)
  }
}

const silent = (type: string) =>
  new ProblemError({
    code: 'worker-died',
    message: `The custom node ${type} said nothing for ${answerWithinMs / 1_000} seconds.`,
    fix: 'Look for a loop without an end in its infer, or at the top of its file.',
  })
