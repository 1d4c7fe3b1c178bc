import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connectEngine, type Engine } from '#contract'
import { programModules } from '#run/compiled-program'
import { compileCache } from '#run/process-spawner'
import type { EngineNotice } from './engine-process.ts'
import { processChannel } from './process-channel.ts'

/** Keeps one engine process for a project: starts it when it is needed, and again after it ended. */
export interface EngineHost {
  /** The engine, once its process gives first answers. Rejects when the process ends before that. */
  engine(): Promise<Engine>
  /** Id of the process while there is one. */
  pid(): number | undefined
  /** Called each time the process ends unasked. */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}

interface Running {
  readonly child: ChildProcess
  readonly ready: Promise<Engine>
}

const firstDelayMs = 250
const longestDelayMs = 10_000
/** A process that lived this long was healthy: the next start needs no delay. */
const healthyMs = 5_000

/** `module` is the entry of the engine's process where it is not the one beside this file. */
export function createEngineHost(options: { project: string; module?: string }): EngineHost {
  const listeners = new Set<() => void>()
  const entry = new URL('./engine-process.ts', import.meta.url)
  const retired = new Set<ChildProcess>()
  let running: Running | undefined
  let closed = false
  let delayMs = 0

  const lost = (child: ChildProcess, startedAt: number) => {
    if (running?.child !== child) return
    running = undefined
    delayMs = Date.now() - startedAt > healthyMs ? 0 : Math.min(longestDelayMs, Math.max(firstDelayMs, delayMs * 2))
    if (!closed) for (const listener of listeners) listener()
  }
  const start = (): Running => {
    const startedAt = Date.now()
    const module = options.module ?? fileURLToPath(programModules({ entry }).entry)
    const child = fork(module, [JSON.stringify({ project: options.project })], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
    })
    child.once('exit', () => lost(child, startedAt))
    child.on('message', (notice: EngineNotice) => {
      if ('started' in notice && !notice.started) retire(child)
    })
    return { child, ready: connected(child) }
  }

  /** An engine that could not start goes on telling its windows why; the next window gets another try. */
  const retire = (child: ChildProcess) => {
    if (running?.child !== child) return
    running = undefined
    retired.add(child)
  }

  return {
    async engine() {
      if (!running && delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      if (closed) throw new Error('The host is closed.')
      running ??= start()
      const { child, ready } = running
      try {
        return await ready
      } catch (error) {
        if (running?.child === child) running = undefined
        throw error
      }
    },
    pid: () => running?.child.pid,
    onLost(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      await Promise.all([...retired, ...(running ? [running.child] : [])].map(end))
    },
  }
}

/** The engine, once it gives its first answers. */
function connected(child: ChildProcess): Promise<Engine> {
  const engine = connectEngine(processChannel(child))
  return new Promise((resolve, reject) => {
    child.on('message', (notice: EngineNotice) => {
      if ('answering' in notice) resolve(engine)
    })
    child.once('exit', (code, signal) => reject(new Error(`The engine's process ended (${signal ?? code}).`)))
    child.once('error', reject)
  })
}

/** Asks first, insists after five seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
  if (child.connected) child.disconnect()
  await exited
  clearTimeout(insist)
}
