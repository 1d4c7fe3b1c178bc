import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  Crew,
  CrewPlan,
  FeatureOpinion,
  InferContext,
  RegistryRequest,
  ReportBlock,
  RunContext,
  StoredReview,
} from '#contract'
import type { BlobFiles } from './blob-files.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { openCrew } from './crew.ts'
import { cancelledProblem, type DuckSession, openSession } from './duckdb-session.ts'
import { describeQuery } from './infer-context.ts'
import { ingestFile, peekFile } from './ingest-file.ts'
import { createKernels } from './kernels.ts'
import { createMeter, type ModelMeter } from './measure-model.ts'
import { queryRows, queryTable } from './query-table.ts'
import { readFrame } from './read-frame.ts'
import { createScorer, type ModelScorer } from './score-model.ts'
import { writeFrame } from './write-frame.ts'

export type { BlobFiles } from './blob-files.ts'

export interface RunEnvironment {
  readonly blobs: BlobFiles
  /** Folder that relative file parameters start from. */
  readonly project: string
  /** Folder for files that live as long as a step. */
  readonly temporary: string
  readonly seed: number
  readonly budget: { readonly threads: number; readonly bytes: number }
  readonly engineVersion: string
  onProgress(fraction: number, note?: string): void
  onLog(message: string, level: 'info' | 'warning'): void
  onShow(blocks: readonly ReportBlock[]): void
  /** Takes what gives more threads to a crew that can use them. */
  onCrew?(grow: (threads: number) => void): void
  cancelled(): boolean
  /** Somebody wants what there is by now. */
  finishing(): boolean
  /** File of the step's checkpoint. */
  readonly checkpoint?: string
  /** Takes what an effect asks of the registry; nobody hears it when not given. */
  onRegistry?(request: RegistryRequest): void
  readonly reviews?: readonly StoredReview[]
  readonly opinions?: readonly FeatureOpinion[]
}

/** A value made on first use. */
interface Lazy<T> {
  get(): Promise<T>
  /** The value if it was ever asked for. */
  made(): Promise<T> | undefined
}

function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let value: Promise<T> | undefined
  return {
    get: () => {
      value ??= make()
      return value
    },
    made: () => value,
  }
}

/** What a step may reach. Nothing starts before it is used: no DuckDB without a query, no ONNX Runtime without a model. */
export function createRunContext(e: RunEnvironment): RunContext & { close(): Promise<void> } {
  const throwIfCancelled = () => {
    if (e.cancelled()) throw cancelledProblem()
  }
  const session: Lazy<DuckSession> = lazy(() =>
    openSession({ temporary: e.temporary, ...e.budget, cancelled: e.cancelled }),
  )
  const shut = new Map<string, Promise<DuckSession>>()
  /** Sessions for the SQL of pipelines, by the files they reach. */
  const shutSession = (files: readonly string[]) => {
    const key = files.toSorted().join('\n')
    const found = shut.get(key) ?? openSession({ temporary: e.temporary, ...e.budget, cancelled: e.cancelled, files })
    shut.set(key, found)
    return found
  }
  const scorer: Lazy<ModelScorer> = lazy(async () => createScorer(e.blobs))
  const meter: Lazy<ModelMeter> = lazy(async () => createMeter(e.blobs, throwIfCancelled))
  const queryContext = {
    session: shutSession,
    blobs: e.blobs,
    temporary: e.temporary,
    threads: e.budget.threads,
  }
  const crews: Crew<never, unknown>[] = []
  let reached = 0
  const progress = (fraction: number, note?: string) => {
    throwIfCancelled()
    reached = Math.max(reached, Math.min(1, fraction))
    e.onProgress(reached, note)
  }
  const ingestContext = {
    blobs: e.blobs,
    project: e.project,
    temporary: e.temporary,
    session: session.get,
    throwIfCancelled,
    onProgress: (fraction: number) => progress(0.99 * fraction, 'reading'),
  }
  return {
    seed: e.seed,
    budget: e.budget,
    engine: { version: e.engineVersion },
    signal: {
      get aborted() {
        return e.cancelled()
      },
      throwIfAborted: throwIfCancelled,
      get finishing() {
        return e.finishing()
      },
    },
    progress,
    log: (message, level = 'info') => e.onLog(message, level),
    breathe: () => nextTurn(),
    show: (blocks) => e.onShow(blocks),
    kernels: createKernels(),
    crew<Setup, Job, Answer>(plan: CrewPlan<Setup>): Crew<Job, Answer> {
      const crew = openCrew<Setup, Job, Answer>(plan, e.budget.threads, throwIfCancelled)
      crews.push(crew)
      if ((plan.size ?? Number.POSITIVE_INFINITY) > crew.size) e.onCrew?.(crew.grow)
      return crew
    },
    checkpoint: checkpointFile(e.checkpoint),
    tables: {
      read: (table, names) => readFrame(e.blobs, table, names, throwIfCancelled),
      write: (frame) => writeFrame(e.blobs, e.temporary, frame, throwIfCancelled),
      query: (sql, tables) => queryTable(queryContext, sql, tables),
      rows: (sql, tables) => queryRows(queryContext, sql, tables),
      ingest: (path, options) => ingestFile(ingestContext, path, options),
    },
    models: {
      score: async (model, frame) => (await scorer.get()).score(model, frame, throwIfCancelled),
      measure: async (model, frame, plan) => (await meter.get()).measure(model, frame, plan),
    },
    registry: { ask: (request) => e.onRegistry?.(request) },
    reviews: e.reviews ?? [],
    opinions: e.opinions ?? [],
    blobs: { put: (bytes) => e.blobs.put(bytes), get: (hash) => e.blobs.get(hash) },
    async close() {
      for (const crew of crews) await crew.close()
      await (await scorer.made())?.close()
      await (await meter.made())?.close()
      ;(await session.made())?.close()
      for (const opened of shut.values()) (await opened).close()
    },
  }
}

/** What a node may look at before any run. */
export function createInferContext(e: {
  project: string
  temporary: string
}): InferContext & { close(): Promise<void> } {
  const options = { temporary: e.temporary, threads: 1, bytes: 512 * 1_048_576, cancelled: () => false }
  const session = lazy(() => openSession(options))
  const shutSession = lazy(() => openSession({ ...options, files: [] }))
  return {
    peek: (path, options) => peekFile({ project: e.project, session: session.get }, path, options),
    describe: async (sql, tables) => describeQuery(await shutSession.get(), sql, tables),
    async close() {
      ;(await session.made())?.close()
      ;(await shutSession.made())?.close()
    },
  }
}
