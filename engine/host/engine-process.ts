/**
 * Entry of the engine's own process: started by the loopback host (fork) or by the desktop host (utilityProcess). It answers
 * what windows need to open a pipeline before it has loaded what runs one.
 */
import { exposeEngine } from '#contract'
import { catalogue } from '#nodes'
import { findProject } from '#run/projects'
import { earlyAnswers, startingEngine } from './early-engine.ts'
import { type MessagingPort, portChannel, processChannel } from './process-channel.ts'
import { type HostLink, type HostNotice, utilitySpawner } from './utility-spawner.ts'
import type { WholeEngine } from './whole-engine.ts'

/** Messages of the process to its host: windows are answered; then, whether the engine behind it has started. */
export type EngineNotice = { readonly answering: true } | { readonly started: boolean }

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: MessagingPort[] }) => void): unknown
}

/** Where it works: a project, or the file that is opened. */
const place = JSON.parse(process.argv[2] ?? '{}') as { project?: string; file?: string }
const project = place.project ?? findProject(place.file ?? '.')
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort

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

async function openWhole(): Promise<WholeEngine> {
  const { openWholeEngine } = await import('./whole-engine.ts')
  return openWholeEngine(project, early, parentPort && utilitySpawner(hostLink(parentPort)))
}

async function closeAndExit(): Promise<void> {
  const { engine } = await opening
  await engine.close().catch(() => {})
  process.exit(0)
}

function tell(notice: EngineNotice): void {
  if (parentPort) parentPort.postMessage(notice)
  // A host that is gone by now need not know.
  else process.send?.(notice, undefined, undefined, () => {})
}

const early = earlyAnswers(project, catalogue)
const { promise: opening, resolve: opened } = Promise.withResolvers<WholeEngine>()
const engine = startingEngine(
  early,
  opening.then((whole) => whole.engine),
)
process.once('SIGTERM', () => void closeAndExit())
if (parentPort) {
  parentPort.on('message', (event) => {
    for (const port of event.ports) exposeEngine(portChannel(port), engine)
  })
} else {
  // A terminal sends Ctrl+C to this process too; its host says when to end.
  process.on('SIGINT', () => {})
  exposeEngine(processChannel(process), engine)
  process.once('disconnect', () => void closeAndExit())
}
tell({ answering: true })
opened(openWhole())
const { started } = await opening
tell({ started })
