import path from 'node:path'
import type { AnyNode, Engine, ReportBlock, RunDetail, RunSummary } from '#contract'
import { describeNode } from '#graph/describe-node'
import { compareRuns } from '#store/compare-runs'
import { beat, heartbeatEveryMs } from '#store/engine-register'
import { lineageOf } from '#store/lineage-graph'
import { openStore, type Store } from '#store/open-store'
import { listModels } from '#store/read-registry'
import { findRun, listRuns, recordedNodes, runDetail, runSummary, stepReport } from '#store/read-runs'
import { promoteModel, rollbackModel } from '#store/registry'
import { steerRollout } from '#store/rollouts'
import { hasResults } from '#store/step-cache'
import { getValue } from '#store/values'
import { verifyRun } from '#store/verify-run'
import type { TrialReference } from '#store/write-run'
import { beginRollout } from './begin-rollout.ts'
import { findPipelines } from './browse-files.ts'
import { createBudget } from './budget.ts'
import { openCaseWork } from './case-work.ts'
import { checkNodes } from './check-nodes.ts'
import { takeCompiledForms } from './compiled-forms.ts'
import { type CustomShelf, openCustomNodes } from './custom/custom-nodes.ts'
import { createDocumentChecks } from './document-checks.ts'
import { engineInfo } from './engine-info.ts'
import { describeEnvironment, engineVersion } from './environment.ts'
import { createExecutions } from './executions.ts'
import { fileDesk } from './file-desk.ts'
import { importReview } from './import-review.ts'
import { createMemoInferContext } from './memo-infer-context.ts'
import { type PreparedRun, prepareRun } from './prepare-run.ts'
import type { ProcessSpawner } from './process-spawner.ts'
import { insideProject, projectPath } from './project-paths.ts'
import { reportPage } from './report-page.ts'
import { createRunEvents } from './run-events.ts'
import { type LiveRun, startRun } from './run-session.ts'
import { createSelectedRows } from './selected-rows.ts'
import { createSourceCode } from './source-code.ts'
import { createSourceFiles } from './source-files.ts'
import { openStepProcesses } from './step-processes.ts'
import { createSweeps } from './sweeps/sweeps.ts'
import { sweptWithoutGroups } from './sweeps/swept-without-groups.ts'
import { createTableViewer } from './table-viewer.ts'
import { saveViewedRows } from './table-viewer-save.ts'
import { traceRow } from './trace-row.ts'
import { wireFacts } from './wire-facts.ts'
import { createWireTables } from './wire-tables.ts'
import type { Workshop } from './workshop.ts'

export interface EngineOptions {
  /** The project folder. */
  readonly project: string
  readonly catalogue: readonly AnyNode[]
  /** The module worker processes import; exports `catalogue`. */
  readonly catalogueUrl: string
  readonly threads?: number
  readonly bytes?: number
  /** Somebody works in a window on it: steps get what the window leaves of the processor. */
  readonly window?: boolean
  /** How worker processes are started; by fork when not given. */
  readonly spawner?: ProcessSpawner
  /** The user's settings folder, where trust in custom nodes is kept; the system's place for it unless told. */
  readonly settings?: string
}

export interface OpenEngine extends Engine {
  /** Ends workers and closes the lineage. Running work is cancelled. */
  close(): Promise<void>
  /** Settles when a run of this engine has ended. */
  idle(run: string): Promise<RunSummary>
  /** Settles when a sweep of this engine has ended. */
  sweepIdle(sweep: string): Promise<void>
}

/** The engine of one project, in this process; steps run in processes of their own. Several may be open on a project. */
export async function createEngine(options: EngineOptions): Promise<OpenEngine> {
  const project = path.resolve(options.project)
  const info = engineInfo({ ...options, project })
  const { threads, bytes } = info
  const workshop = await openWorkshop({ ...options, project, threads, bytes })
  const { store } = workshop
  const checks = createDocumentChecks(workshop)
  const selected = createSelectedRows(workshop)
  const cases = openCaseWork(project)
  const viewer = createTableViewer(store, selected)
  const live = new Map<string, LiveRun>()
  const heart = setInterval(() => beatIfFree(store), heartbeatEveryMs).unref()
  const named = (file: string) => projectPath(project, insideProject(project, file))
  let environment: ReturnType<typeof describeEnvironment> | undefined
  let closed = false

  /** Steps of a run that are under way or wait; those that are in the lineage by now have ended. */
  const stepsAhead = (id: string) => {
    const steps = live.get(id)?.steps() ?? []
    if (steps.length === 0) return steps
    const recorded = recordedNodes(store.db, id)
    return steps.filter(({ node }) => !recorded.has(node))
  }
  const withLive = <T extends RunSummary>(summary: T): T => {
    const steps = stepsAhead(summary.id)
    const counts = { ...summary.counts }
    for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1
    return { ...summary, counts }
  }

  const begin = (prepared: PreparedRun, a: { file?: string; useCache: boolean; trial?: TrialReference }): LiveRun => {
    environment ??= describeEnvironment(project)
    const run = startRun(workshop, prepared, { ...a, environment })
    live.set(run.id, run)
    run.ended.then(
      () => live.delete(run.id),
      (error) => {
        live.delete(run.id)
        console.error(error)
      },
    )
    return run
  }
  const sweeps = createSweeps({ workshop, checks, begin: (prepared, a) => begin(prepared, { ...a, useCache: true }) })

  return {
    info: async () => info,
    catalogue: async () => workshop.cards,
    customNodes: workshop.custom.state,
    trustCustomNodes: workshop.custom.trust,
    distrustCustomNodes: workshop.custom.distrust,
    async check({ document, file }) {
      const checked = await checks.check(document)
      return checkNodes(workshop, { document, ...(file === undefined ? {} : { file: named(file) }) }, checked)
    },
    async run({ document, file, targets, useCache = true, set }) {
      // Processes start while the pipeline is checked, where steps are sure to want them.
      if (!useCache || !hasResults(store.db))
        workshop.pool.prepare(Math.min(threads, Object.keys(document.nodes).length))
      const prepared = await prepareRun(workshop, checks, {
        document,
        ...(targets ? { targets } : {}),
        ...(set ? { set } : {}),
      })
      const run = begin(prepared, { ...(file === undefined ? {} : { file: named(file) }), useCache })
      return { id: run.id }
    },
    async cancel({ run, node }) {
      live.get(findRun(store.db, run).id as string)?.cancel(node)
    },
    async finish({ run, node }) {
      live.get(findRun(store.db, run).id as string)?.finish(node)
    },
    startSweep: async ({ file, ...a }) =>
      sweeps.startSweep({ ...sweptWithoutGroups(workshop, a), ...(file === undefined ? {} : { file: named(file) }) }),
    cancelSweep: sweeps.cancelSweep,
    resumeSweep: sweeps.resumeSweep,
    sweeps: ({ file, ...a }) => sweeps.sweeps({ ...a, ...(file === undefined ? {} : { file: named(file) }) }),
    sweep: sweeps.sweep,
    sweepIdle: sweeps.idle,
    runs: async ({ file, limit }) =>
      listRuns(store.db, {
        ...(file === undefined ? {} : { file: named(file) }),
        ...(limit === undefined ? {} : { limit }),
      }).map(withLive),
    async runDetail({ run }) {
      const detail = withLive<RunDetail>(runDetail(store.db, findRun(store.db, run)))
      return { ...detail, steps: [...detail.steps, ...stepsAhead(detail.id)] }
    },
    compareRuns: async ({ a, b }) => compareRuns(store.db, a, b),
    verify: ({ run }) => verifyRun(store.db, store.files, run),
    lineage: async ({ of }) => lineageOf(store.db, of),
    async report({ run, node }) {
      const hash = stepReport(store.db, findRun(store.db, run), node)
      return hash ? ((await getValue(store.files, hash)) as unknown as readonly ReportBlock[]) : []
    },
    reportHtml: (a) => reportPage(store, a),
    importReview: async ({ review }) => importReview(store.db, review),
    models: async () => listModels(store.db),
    promoteModel: async (a) => promoteModel(store.db, a),
    rollbackModel: async ({ name }) => rollbackModel(store.db, name),
    startRollout: (a) => beginRollout((work) => work(store.db), store.files, a),
    steerRollout: async (a) => steerRollout(store.db, a),
    ...cases.methods,
    rows: (query) => viewer.page(query),
    countSelected: selected.count,
    chosenPlaces: selected.stretches,
    saveRows: (a) => saveViewedRows({ project, store, viewer }, a),
    summarize: ({ table, ...asked }) => viewer.summarize(table, asked),
    value: ({ hash }) => getValue(store.files, hash),
    wireFacts: (a) => wireFacts(workshop, a),
    traceRow: (a) => traceRow({ ...workshop, viewer }, a),
    ...fileDesk(project, () => workshop.catalogue, workshop.custom.learnMigrations),
    pipelines: async () =>
      findPipelines(project).map(({ path: name, document }) => {
        const [last] = listRuns(store.db, { file: name, limit: 1, trials: false })
        const { name: title, description } = document
        return { path: name, name: title, description, document, ...(last ? { last: withLive(last) } : {}) }
      }),
    subscribe: workshop.events.subscribe,
    async idle(run) {
      const found = live.get(run)
      return found ? found.ended : runSummary(store.db, findRun(store.db, run))
    },
    async close() {
      if (closed) return
      closed = true
      clearInterval(heart)
      await sweeps.close()
      const ending = [...live.values()]
      for (const run of ending) run.cancel()
      await Promise.allSettled(ending.map((run) => run.ended))
      workshop.pool.close()
      workshop.custom.close()
      await viewer.close()
      await selected.close()
      cases.close()
      await workshop.wireTables.close()
      await workshop.infer.close()
      store.close()
    },
  }
}

/** A beat that is missed is made up by the next. */
function beatIfFree(store: Store): void {
  try {
    beat(store.db, store.engine)
  } catch (error) {
    console.error(error)
  }
}

async function openWorkshop(a: EngineOptions & { threads: number; bytes: number }): Promise<Workshop> {
  const { project, catalogue, catalogueUrl, threads, bytes } = a
  takeCompiledForms(catalogue, catalogueUrl)
  const store = openStore(project)
  const events = createRunEvents()
  const custom = await openCustomNodes({
    project,
    temporary: store.temporary,
    checkpoints: path.join(store.folder, 'checkpoints'),
    bytes,
    engineVersion: engineVersion(),
    settings: a.settings,
    onChange: () => events.emit({ type: 'catalogue' }),
  })
  const code = createSourceCode(store.db, catalogueUrl, custom)
  const known = jointCatalogue(catalogue, custom)
  const sources = createSourceFiles(store.db, project)
  return {
    project,
    threads,
    get catalogue() {
      return known().catalogue
    },
    get types() {
      return known().types
    },
    get cards() {
      return known().cards
    },
    custom,
    store,
    code,
    sources,
    infer: createMemoInferContext({ project, store, sources, code }),
    pool: openStepProcesses({
      ...a,
      stamp: () => code.stamp(catalogue.map((node) => node.type)),
    }),
    wireTables: createWireTables(store),
    budget: createBudget({ threads, bytes }),
    executions: createExecutions(),
    events,
  }
}

/** The program's nodes and the project's own, put together anew when those change. */
function jointCatalogue(catalogue: readonly AnyNode[], custom: Pick<CustomShelf, 'nodes'>) {
  const join = (own: readonly AnyNode[]) => {
    const all = [...catalogue, ...own]
    return {
      own,
      catalogue: all,
      types: new Map(all.map((node) => [node.type as string, node])),
      cards: all.map(describeNode),
    }
  }
  let joined = join(custom.nodes)
  return () => {
    if (joined.own !== custom.nodes) joined = join(custom.nodes)
    return joined
  }
}
