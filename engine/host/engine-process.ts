/** Entry of the engine's own process: started by the loopback host (fork) or by the desktop host (utilityProcess). */
import { type Engine, engineMethods, exposeEngine, ProblemError } from '#contract'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'
import { findProject } from '#run/projects'
import { type MessagingPort, portChannel, processChannel } from './process-channel.ts'
import { type HostLink, type HostNotice, utilitySpawner } from './utility-spawner.ts'

/** First message of the process to its host; an engine that could not start says why to each call. */
export interface EngineStarted {
  readonly started: boolean
}

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: MessagingPort[] }) => void): unknown
}

type OpenEngine = Engine & { close(): Promise<void> }

/** Where it works: a project, or the file that is opened. */
const place = JSON.parse(process.argv[2] ?? '{}') as { project?: string; file?: string }
const project = place.project ?? findProject(place.file ?? '.')
const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort

async function openEngine(): Promise<{ engine: OpenEngine; started: boolean }> {
  const spawner = parentPort ? { spawner: utilitySpawner(hostLink(parentPort)) } : {}
  try {
    return { engine: await createEngine({ project, catalogue, catalogueUrl, ...spawner }), started: true }
  } catch (error) {
    return { engine: refuseAll(error), started: false }
  }
}

/** The main process of the desktop program. Its other messages bring a port, this link's never do. */
function hostLink(port: ParentPort): HostLink {
  return {
    send: (request) => port.postMessage(request),
    onNotice: (listener) =>
      void port.on('message', (event) => {
        if (event.ports.length === 0) listener(event.data as HostNotice)
      }),
  }
}

/** Says why the engine did not start to whoever calls it. */
function refuseAll(error: unknown): OpenEngine {
  const refuse = async () => {
    if (error instanceof ProblemError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProblemError(
      {
        code: 'internal',
        message: `The engine did not start for the project ${project}: ${reason}`,
        fix: 'Close other programs that use this project, then reload the window.',
      },
      { cause: error },
    )
  }
  const methods = Object.fromEntries(engineMethods.map((method) => [method, refuse]))
  return { ...methods, subscribe: () => () => {}, close: async () => {} } as unknown as OpenEngine
}

async function closeAndExit(engine: OpenEngine): Promise<void> {
  await engine.close().catch(() => {})
  process.exit(0)
}

const opened = openEngine()
if (parentPort) {
  parentPort.on('message', async (event) => {
    const { engine } = await opened
    for (const port of event.ports) exposeEngine(portChannel(port), engine)
  })
} else {
  // A terminal sends Ctrl+C to this process too; its host says when to end.
  process.on('SIGINT', () => {})
}
const { engine, started } = await opened
process.once('SIGTERM', () => void closeAndExit(engine))
if (!parentPort) {
  exposeEngine(processChannel(process), engine)
  process.once('disconnect', () => void closeAndExit(engine))
}
const message: EngineStarted = { started }
if (parentPort) parentPort.postMessage(message)
else process.send?.(message)
