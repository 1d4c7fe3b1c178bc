import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'

/** What the engine's process asks of the desktop host: only the main process may start processes. */
type EngineRequest =
  | { readonly answering: true }
  | { readonly started: boolean }
  | { readonly fork: number; readonly module: string }
  | { readonly to: number; readonly message: unknown }
  | { readonly kill: number }

/** The engine in its own process. Worker processes are started here on its request, and what they say to each other is passed on. */
export interface EngineProgram {
  /** A new port to the engine, which is started again if it isn't there, ever more slowly while it fails to start. */
  connect(): Promise<MessagePortMain>
  close(): void
}

const firstDelayMs = 250
const longestDelayMs = 10_000
const lastWordsCharacters = 4_000

interface Running {
  readonly child: UtilityProcess
  readonly started: Promise<void>
}

export function createEngineProgram(
  module: string,
  place: { project?: string; file?: string },
  onLost: () => void,
): EngineProgram {
  let running: Running | undefined
  let closed = false

  function start(): Running {
    const child = utilityProcess.fork(module, [JSON.stringify(place)], { serviceName: 'Plumbline engine' })
    const workers = serveWorkers(child)
    const { promise: started, resolve, reject } = Promise.withResolvers<void>()
    child.on('message', (message: EngineRequest) => {
      if ('answering' in message) resolve()
    })
    child.once('exit', () => {
      reject(new Error('The engine ended before it was ready.'))
      for (const worker of workers.values()) worker.kill()
      running = undefined
      if (!closed) onLost()
    })
    started.catch(() => {})
    return { child, started }
  }

  async function startedChild(): Promise<UtilityProcess> {
    running ??= start()
    const { child, started } = running
    await started
    return child
  }

  // It starts while the page is loaded.
  running = start()
  return {
    async connect() {
      for (let delayMs = firstDelayMs; ; delayMs = Math.min(longestDelayMs, delayMs * 2)) {
        const child = await startedChild().catch(() => undefined)
        const { port1, port2 } = new MessageChannelMain()
        child?.postMessage({ connect: true }, [port1])
        if (child || closed) return port2
        await new Promise((resolve) => setTimeout(resolve, delayMs))
      }
    },
    close() {
      closed = true
      running?.child.kill()
    },
  }
}

/** Starts and ends worker processes as the engine says, and passes messages between them. */
function serveWorkers(engine: UtilityProcess): ReadonlyMap<number, UtilityProcess> {
  const workers = new Map<number, UtilityProcess>()
  engine.on('message', (request: EngineRequest) => {
    if ('kill' in request) workers.get(request.kill)?.kill()
    else if ('to' in request) workers.get(request.to)?.postMessage(request.message)
    else if ('fork' in request) workers.set(request.fork, startWorker(engine, workers, request))
  })
  return workers
}

function startWorker(
  engine: UtilityProcess,
  workers: Map<number, UtilityProcess>,
  { fork: id, module }: { fork: number; module: string },
): UtilityProcess {
  const worker = utilityProcess.fork(module, [], { serviceName: 'Plumbline step', stdio: ['ignore', 'ignore', 'pipe'] })
  let lastWords = ''
  worker.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk).slice(-lastWordsCharacters)
  })
  worker.once('spawn', () => engine.postMessage({ forked: id, pid: worker.pid }))
  worker.on('message', (message: unknown) => engine.postMessage({ from: id, message }))
  worker.once('exit', (code) => {
    workers.delete(id)
    engine.postMessage({ ended: id, code, lastWords: lastWords.trim() })
  })
  return worker
}
