import path from 'node:path'
import type { DataSchema, Model } from '#contract'
import { openContentFiles } from '#store/content-files'
import { openDatabase } from '#store/database'
import { beatServer, enterServer, leaveServer, serverBeatEveryMs } from '#store/model-servers'
import { artifactsFolder, storeFolder } from '#store/open-store'
import { type ChosenVersion, chooseVersion } from '#store/read-registry'
import { getValue } from '#store/values'
import { answeringBy } from './answering.ts'
import type { ExplainSetup } from './explain-thread.ts'
import { openExplainer } from './explainer.ts'
import { startHttpServer } from './http-server.ts'
import { giveMissingReasons } from './queue/answer-with-people.ts'
import { followCases } from './queue/follow-cases.ts'
import { openRequestLog } from './request-log.ts'
import { openServing, type Serving } from './serving.ts'

export interface RegisteredServer {
  readonly origin: string
  /** The version that answers now. */
  version(): number
  /** Process of the model that answers now. */
  modelPid(): number | undefined
  close(): Promise<void>
}

/** The registry is looked at so often; a look is one counter of SQLite unless something changed. */
const lookEveryMs = 100
const explainThread = new URL('./explain-thread.ts', import.meta.url)
/** A version that could not be loaded is tried again after so long. */
const retryMs = 5_000

export const requestLogFile = (project: string): string => path.join(storeFolder(project), 'requests.sqlite')

/**
 * Serves a model of the project's registry and follows it: when another version is chosen, that is loaded first, then
 * answers; the one before stays loaded, so that a rollback takes no time.
 */
export async function serveRegistered(a: {
  readonly project: string
  readonly name: string
  /** A stage, an alias, "latest" or a version. */
  readonly selector: string
  readonly port: number
  readonly host: string
  onSwitch?(version: number): void
}): Promise<RegisteredServer> {
  const db = openDatabase(path.join(storeFolder(a.project), 'lineage.sqlite'))
  const files = openContentFiles(artifactsFolder(a.project))
  const choose = () => chooseVersion(db, a.name, a.selector)
  const changes = () => db.get('PRAGMA data_version')!.data_version as number

  const cases = followCases(a.project)
  const load = async ({ version, model: hash, fallback, schema, automation }: ChosenVersion): Promise<Serving> => {
    const model = (await getValue(files, hash)) as unknown as Model
    await files.get(model.onnx)
    const contract = schema && ((await getValue(files, schema)) as unknown as DataSchema).columns
    const serving = await openServing({
      name: a.name,
      version,
      model,
      file: files.path(model.onnx),
      ...(fallback && { fallback }),
      ...(contract && { contract }),
      ...(automation && { automation, desk: cases.needed() }),
      openExplainer: (score) =>
        openExplainer(explainThread, { folder: files.folder, model } satisfies ExplainSetup, score),
    })
    const { people } = serving
    if (people) giveMissingReasons(serving, people.desk).catch((error: unknown) => console.error(error))
    return serving
  }

  let seen = changes()
  let chosen = choose()
  let current = await load(chosen)
  let answering = answeringBy(current)
  let standby: { readonly chosen: ChosenVersion; readonly serving: Serving } | undefined
  let switching: Promise<void> = Promise.resolve()
  const log = openRequestLog(requestLogFile(a.project))
  const server = await startHttpServer({ current: () => answering, port: a.port, host: a.host, log, cases: cases.known })
  const id = enterServer(db, { name: a.name, selector: a.selector, version: chosen.version, address: server.origin })

  const follow = async (): Promise<void> => {
    const wanted = choose()
    if (JSON.stringify(wanted) === JSON.stringify(chosen)) return
    const kept = standby && JSON.stringify(standby.chosen) === JSON.stringify(wanted) ? standby.serving : undefined
    const serving = kept ?? (await load(wanted))
    const dropped = kept ? undefined : standby?.serving
    standby = { chosen, serving: current }
    chosen = wanted
    current = serving
    answering = answeringBy(serving)
    await dropped?.close()
    beatServer(db, id, wanted.version)
    a.onSwitch?.(wanted.version)
  }
  let busy = false
  const look = () => {
    if (busy) return
    const now = changes()
    if (now === seen) return
    seen = now
    busy = true
    switching = follow()
      // What answers goes on answering: the version may have left the stage, or its file be damaged.
      .catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error)
        setTimeout(() => (seen = -1), retryMs).unref()
      })
      .finally(() => {
        busy = false
      })
  }
  const looking = setInterval(look, lookEveryMs)
  const beating = setInterval(() => beatServer(db, id, current.version), serverBeatEveryMs)
  return {
    origin: server.origin,
    version: () => current.version,
    modelPid: () => current.runner.pid,
    async close() {
      clearInterval(looking)
      clearInterval(beating)
      await server.close()
      await switching
      await Promise.all([current.close(), standby?.serving.close()])
      await cases.close()
      await log.close()
      leaveServer(db, id)
      db.close()
    },
  }
}
