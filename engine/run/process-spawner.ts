import { fork } from 'node:child_process'
import path from 'node:path'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
  /** The last lines it wrote to its error output. */
  readonly lastWords: string
}

/** A process of the engine's own making. */
export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: ToWorker): void
  onMessage(listener: (message: FromWorker) => void): void
  onEnd(listener: (end: ProcessEnd) => void): void
  kill(): void
  /** While it works it keeps the engine's process from ending. */
  hold(working: boolean): void
}

/** Starts worker processes: by fork here, by Electron's utilityProcess in a packaged app. */
export interface ProcessSpawner {
  spawn(module: string): WorkerProcess
}

interface Handle {
  ref?(): void
  unref?(): void
}

const keptCharacters = 4_000
/** Beside the program, where only who installed it can write: halves the time a process takes to start. */
export const compileCache = path.resolve(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compile')

/**
 * The C library of Linux keeps what it gets back of larger blocks in ever larger heaps. Networks and tables come and go:
 * without a limit a search holds a tenth more.
 */
const givesBack = { MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' }

/** What of an engine's memory a process may take for objects; arrays come on top. */
export const heapMegabytes = (bytes: number) => Math.max(512, Math.floor(bytes / 1_048_576))

/** Processes that end with this one and don't keep it from ending. */
export function forkSpawner(options: {
  readonly heapMegabytes: number
  /** The Node to start, with words before it; the one that runs this unless told. */
  readonly command?: readonly string[]
  /** More flags of Node. */
  readonly flags?: readonly string[]
  /** All that it gets of the environment; the engine's own unless told. */
  readonly environment?: Readonly<Record<string, string>>
}): ProcessSpawner {
  const [execPath, ...before] = options.command ?? []
  return {
    spawn(module) {
      const child = fork(module, [], {
        serialization: 'advanced',
        ...(execPath && { execPath }),
        execArgv: [
          ...before,
          `--max-old-space-size=${options.heapMegabytes}`,
          // An eighth of Node's: steps work on typed arrays, and few small objects outlive a moment.
          '--max-semi-space-size=2',
          '--expose-gc',
          '--disable-warning=ExperimentalWarning',
          ...(options.flags ?? []),
        ],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...givesBack, ...(options.environment ?? { NODE_COMPILE_CACHE: compileCache, ...process.env }) },
      })
      let lastWords = ''
      child.stderr?.setEncoding('utf8')
      child.stderr?.on('data', (text: string) => {
        lastWords = (lastWords + text).slice(-keptCharacters)
      })
      // Writing to a process that has just died; its end is reported by "close".
      child.on('error', () => {})
      return {
        pid: child.pid,
        send: (message) => {
          if (child.connected) child.send(message, () => {})
        },
        onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
        onEnd: (listener) =>
          child.once('close', (code, signal) => listener({ code, signal, lastWords: lastWords.trim() })),
        kill: () => child.kill('SIGKILL'),
        hold(working) {
          for (const handle of [child, child.channel, child.stderr as unknown as Handle]) {
            if (working) handle?.ref?.()
            else handle?.unref?.()
          }
        },
      }
    },
  }
}
