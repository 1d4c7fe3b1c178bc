import path from 'node:path'
import type { DataSchema, Model } from '#contract'
import { openContentFiles } from '#store/content-files'
import { creditOutcomes } from '#store/credit-outcomes'
import { openDatabase } from '#store/database'
import { beatServer, enterServer, leaveServer, serverBeatEveryMs } from '#store/model-servers'
import { artifactsFolder, storeFolder } from '#store/open-store'
import { type ChosenVersion, chooseVersion } from '#store/read-registry'
import { rolloutUnderWay } from '#store/rollout-records'
import { getValue } from '#store/values'
import { answeringBy } from './answering.ts'
import type { ExplainSetup } from './explain-thread.ts'
import { openExplainer } from './explainer.ts'
import { startHttpServer } from './http-server.ts'
import { loadedVersions } from './loaded-versions.ts'
import { giveMissingReasons } from './queue/answer-with-people.ts'
import { followCases } from './queue/follow-cases.ts'
import { openRequestLog } from './request-log.ts'
import { requestLogFile } from './request-log-file.ts'
import { checkContract } from './rollout/check-contract.ts'
import { openRolloutDesk } from './rollout/rollout-desk.ts'
import { sampleRows } from './rollout/sample-rows.ts'
import { openServing, type Serving } from './serving.ts'

export interface RegisteredServer {
  readonly origin: string
  /** The version that answers now; of a rollout the champion. */
  version(): number
  /** Process of the model that answers now. */
  modelPid(): number | undefined
  /** Process of the new version, while a rollout is under way. */
  challengerPid(): number | undefined
  close(): Promise<void>
}

/** The registry is looked at so often; a look is one counter of SQLite unless something changed. */
const lookEveryMs = 100
/** A rollout is judged so often. */
const judgeEveryMs = 1_000
const explainThread = new URL('./explain-thread.ts', import.meta.url)
/** A version that could not be loaded is tried again after so long. */
const retryMs = 5_000

export { requestLogFile }

/**
 * Serves a model of the project's registry and follows it: when another version is chosen, that is loaded first, then
 * answers; the one before stays loaded, so that a rollback takes no time. While a rollout of the model is under way its
 * versions are all loaded and answer as one.
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
  const choose = (selector = a.selector) => chooseVersion(db, a.name, selector)
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
  const loaded = loadedVersions(load)
  const desk = openRolloutDesk({
    db,
    name: a.name,
    sampleRows: (model) => sampleRows(files, model),
    check: checkContract,
  })
  let chosen = choose()
  let current = await loaded.get(chosen)
  let alone = answeringBy(current)
  let standby: ChosenVersion | undefined
  let switching: Promise<void> = Promise.resolve()
  const log = openRequestLog(requestLogFile(a.project))

  const followRollout = async (): Promise<readonly ChosenVersion[]> => {
    const record = a.selector === 'production' ? rolloutUnderWay(db, a.name) : undefined
    const rivals =
      record?.champion === chosen.version ? record.challengers.map((version) => choose(String(version))) : []
    try {
      const servings = await Promise.all(rivals.map((rival) => loaded.get(rival)))
      desk.follow(rivals.length > 0 ? record : undefined, [current, ...servings])
      return rivals
    } catch (error) {
      desk.fail(error)
      return []
    }
  }
  const follow = async (): Promise<void> => {
    const wanted = choose()
    const before = current.version
    if (JSON.stringify(wanted) !== JSON.stringify(chosen)) {
      const serving = await loaded.get(wanted)
      standby = chosen
      chosen = wanted
      current = serving
      alone = answeringBy(serving)
    }
    const rivals = await followRollout()
    await loaded.keep([chosen, ...(standby ? [standby] : []), ...rivals])
    if (current.version === before) return
    beatServer(db, id, current.version)
    a.onSwitch?.(current.version)
  }
  await followRollout()
  const server = await startHttpServer({
    current: () => desk.traffic ?? alone,
    port: a.port,
    host: a.host,
    log,
    cases: cases.known,
    learn: async (outcomes) => {
      const { receipt, answered } = await log.store(outcomes)
      creditOutcomes(db, answered)
      return receipt
    },
  })
  const id = enterServer(db, { name: a.name, selector: a.selector, version: chosen.version, address: server.origin })
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
  const judge = () => {
    try {
      if (busy || !desk.tick()) return
      seen = -1
      look()
    } catch (error) {
      // Another process may hold the registry for long: the rollout is judged again in a second.
      console.error(error instanceof Error ? error.message : error)
    }
  }
  const looking = setInterval(look, lookEveryMs)
  const judging = setInterval(judge, judgeEveryMs)
  const beating = setInterval(() => beatServer(db, id, current.version), serverBeatEveryMs)
  return {
    origin: server.origin,
    version: () => current.version,
    modelPid: () => current.runner.pid,
    challengerPid: () => desk.traffic?.challenger.runner.pid,
    async close() {
      clearInterval(looking)
      clearInterval(judging)
      clearInterval(beating)
      await server.close()
      await switching
      desk.close()
      await loaded.keep([])
      await cases.close()
      await log.close()
      leaveServer(db, id)
      db.close()
    },
  }
}
