/** Entry of the engine's own process: started by the loopback host (fork) or by the desktop host (utilityProcess). */
import { type Engine, engineMethods, exposeEngine, ProblemError } from '#contract'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'
import { findProject } from './find-project.ts'
import { type MessagingPort, portChannel, processChannel } from './process-channel.ts'

/** First message of the process to its host. */
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
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort

async function openEngine(): Promise<{ engine: OpenEngine; started: boolean }> {
  try {
    return {
      engine: await createEngine({
        project,
        catalogue,
        catalogueUrl: new URL('../../nodes/catalogue.ts', import.meta.url).href,
      }),
      started: true,
    }
  } catch (error) {
    return { engine: refuseAll(error), started: false }
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
  const { started } = await opened
  parentPort.postMessage({ started } satisfies EngineStarted)
} else {
  const { engine, started } = await opened
  exposeEngine(processChannel(process), engine)
  process.once('disconnect', () => void closeAndExit(engine))
  process.send?.({ started } satisfies EngineStarted)
}
