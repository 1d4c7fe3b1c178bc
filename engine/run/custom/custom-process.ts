import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Problem, ProblemError } from '#contract'
import { artifactsFolder } from '#store/open-store'
import { forkSpawner, heapMegabytes } from '../process-spawner.ts'
import { createWorkerPool, diedProblem, type WorkerPool } from '../worker-pool.ts'
import type { Question, QuestionAnswer } from './answer-question.ts'
import { customFolder, type FoundNode } from './custom-folder.ts'
import { networkLock, nodeHoldsNetwork } from './network-lock.ts'
import { nativesFolder, plainNode, program } from './program.ts'

export interface CustomProcessOptions {
  readonly project: string
  /** Where steps write; the only place a custom node may. */
  readonly temporary: string
  readonly checkpoints: string
  readonly bytes: number
  readonly engineVersion: string
}

/** From the sources, also in a packaged program: the process is a plain Node, which reads no archive. */
const sourceUrl = (name: string) => pathToFileURL(path.join(program, 'engine', 'run', name))
const workerModule = path.join(program, 'engine', 'run', 'worker.ts')

/** Of the program: its code and packages, nothing else that may lie beside them. */
const readsOfProgram = ['engine', 'nodes', 'node_modules', 'package.json']

export interface Fence {
  readonly command: readonly string[]
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** How a custom node's process is started: Node's permission model, no network, and no more of the environment than it needs. */
export function fenceOf(
  { permissions }: FoundNode,
  { project, temporary, checkpoints }: Pick<CustomProcessOptions, 'project' | 'temporary' | 'checkpoints'>,
): Fence {
  const node = plainNode()
  if (!node) throw new ProblemError(noNode)
  for (const folder of [temporary, checkpoints]) mkdirSync(folder, { recursive: true })
  const ofProgram = readsOfProgram.map((name) => path.join(program, name))
  const reads = [...ofProgram, path.join(project, customFolder), artifactsFolder(project), temporary, checkpoints]
  const wanted = permissions.read.map((name) => path.resolve(project, name))
  if (permissions.native) reads.push(nativesFolder)
  return {
    command: [...(permissions.network ? [] : networkLock()), node],
    flags: [
      '--permission',
      ...[...reads, ...wanted].flatMap(everything).map((place) => `--allow-fs-read=${place}`),
      ...[temporary, checkpoints].flatMap(everything).map((place) => `--allow-fs-write=${place}`),
      ...(permissions.native ? ['--allow-addons'] : []),
      ...(permissions.network && nodeHoldsNetwork ? ['--allow-net'] : []),
      '--import',
      sourceUrl('custom/fence.ts').href,
    ],
    environment: {
      TMPDIR: temporary,
      TEMP: temporary,
      PLUMBLINE_NETWORK: permissions.network ? '1' : '0',
      PLUMBLINE_NATIVES: permissions.native ? pathToFileURL(path.join(nativesFolder, path.sep)).href : '',
    },
  }
}

/** A folder with all that is in it, by its own name and, where links lead to it, by the one that Node finds behind them. */
function everything(folder: string): readonly string[] {
  const places = new Set([folder, existsSync(folder) ? realpathSync(folder) : folder])
  return [...places].flatMap((place) => [place, path.join(place, '*')])
}

/** Processes for one custom node. */
export function customPool(node: FoundNode, hash: string, options: CustomProcessOptions): WorkerPool {
  const { project, bytes, engineVersion } = options
  const address = sourceUrl('custom/custom-catalogue.ts')
  address.searchParams.set('file', pathToFileURL(node.file).href)
  return createWorkerPool({
    stamp: () => hash,
    launch: () => ({
      module: workerModule,
      setup: { catalogueUrl: address.href, project, artifacts: artifactsFolder(project), engineVersion },
    }),
    spawner: forkSpawner({
      heapMegabytes: heapMegabytes(bytes),
      ...fenceOf(node, options),
    }),
  })
}

const noNode: Problem = {
  code: 'not-supported',
  message: 'This desktop program came without the Node that custom nodes run on.',
  fix: 'Open the project in the browser with "plumbline open".',
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
