import type { QueuedCase, QueueView } from './automation.ts'
import type { CustomNodes } from './custom-nodes.ts'
import type { Assertion, PipelineDocument } from './document.ts'
import type { HistoryOfFiles } from './history.ts'
import type { LintFinding, NodeTrait } from './lint.ts'
import type { CardFact, JsonValue, Port, PortSchema } from './node.ts'
import type { Problem } from './problem.ts'
import type { ModelStage, RegisteredModel } from './registry.ts'
import type { Estimate, ReportBlock } from './report-block.ts'
import type { RolloutAction, RolloutStart } from './rollout.ts'
import type { ChosenQuery, RowPredicate, SelectionCounts, SelectionQuery, Stretches } from './row-predicate.ts'
import type { SweepDetail, SweepPlan, SweepStatus, SweepSummary } from './sweep.ts'
import type { Hash, TablePage } from './table.ts'
import type { Metric, Verdict } from './values.ts'
import type { RowTrace, StepPort, WireFacts } from './wire.ts'

/** One entry of the palette: a node's definition as data. */
export interface NodeCard {
  readonly type: string
  readonly version: number
  readonly title: string
  readonly doc: string
  readonly keywords: readonly string[]
  readonly traits: readonly NodeTrait[]
  readonly inputs: Readonly<Record<string, Port>>
  readonly outputs: Readonly<Record<string, Port>>
  readonly effect: boolean
  /** JSON Schema of the parameters with the keys of `ParameterMeta`. */
  readonly params: JsonValue
  readonly defaults: Readonly<Record<string, JsonValue>>
}

export type RunStatus = 'running' | 'done' | 'failed' | 'gate-failed' | 'waiting' | 'cancelled' | 'interrupted'
export type StepStatus = 'queued' | 'running' | 'done' | 'cached' | 'failed' | 'cancelled' | 'skipped'

/** Where a node stands before a run. `why` names the changed part of its key: "trees 100 → 300", "file changed: loans.csv". */
export interface NodeCheck {
  readonly state: 'not-configured' | 'ready' | 'cached' | 'stale'
  readonly why?: readonly string[]
  readonly problems: readonly Problem[]
  readonly inputs: Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>>
  readonly outputs: Readonly<Record<string, PortSchema>>
  /** Of a step that would run: time and memory after this project's own history; absent without one. */
  readonly forecast?: StepForecast
  /** The newest step of this node's place in this pipeline, so that an opened file shows its last results. */
  readonly last?: StepSummary
}
export interface StepForecast {
  readonly ms: number
  readonly bytes: number
  /** How many earlier steps it rests on. */
  readonly from: number
}
/** What a run of the whole document would take: the longest chain, or all work shared among the threads. */
export interface RunForecast {
  readonly ms: number
  /** Of the hungriest step. */
  readonly bytes: number
  /** Nodes in the order of the longest chain. */
  readonly chain: readonly string[]
  /** Steps that would run but have no history. */
  readonly unknown: number
}
export interface DocumentCheck {
  readonly problems: readonly Problem[]
  readonly nodes: Readonly<Record<string, NodeCheck>>
  /** Absent while nothing would run, or nothing is known of what would. */
  readonly forecast?: RunForecast
  /** Likely mistakes in machine learning; none of them keeps a run from starting. */
  readonly lint: readonly LintFinding[]
  /** Wires with assertions whose source has its result: what would be found now. */
  readonly wires?: readonly WireVerdict[]
}

export interface StepSummary {
  readonly run: string
  readonly node: string
  readonly nodeType: string
  readonly status: StepStatus
  readonly title?: string
  readonly key?: Hash
  readonly ms?: number
  readonly peakBytes?: number
  readonly verdict?: Verdict
  readonly card?: CardFact
  readonly problems: readonly Problem[]
  /** Output ports with the artifact at each; `rows` and `columns` for tables. */
  readonly outputs: Readonly<Record<string, ArtifactSummary>>
  /** Wires from its outputs whose assertions were checked when it had ended. */
  readonly wires?: readonly WireVerdict[]
}
/** An assertion with what was found. A figure without a value, or that is not there at all, fails. */
export interface JudgedAssertion extends Assertion, Estimate {
  readonly verdict: 'pass' | 'fail'
  /** A sentence with the figure and its limit. */
  readonly reason: string
}
export interface WireVerdict {
  readonly from: string
  readonly to: string
  readonly verdict: 'pass' | 'fail'
  readonly checks: readonly JudgedAssertion[]
}
export interface ArtifactSummary {
  readonly hash: Hash
  readonly kind: string
  readonly bytes: number
  readonly rows?: number
  readonly columns?: number
}
export interface RunSummary {
  readonly id: string
  readonly pipeline: string
  /** Path of the pipeline file relative to its project, with forward slashes. */
  readonly file?: string
  readonly status: RunStatus
  readonly verdict?: Verdict
  readonly startedAt: string
  readonly ms?: number
  readonly counts: Readonly<Partial<Record<StepStatus, number>>>
  readonly metrics: readonly (Metric & { readonly node: string })[]
  /** The trial of a sweep that it is. */
  readonly trial?: { readonly sweep: string; readonly number: number }
}
export interface RunDetail extends RunSummary {
  readonly document: PipelineDocument
  readonly steps: readonly StepSummary[]
  readonly environment: Readonly<Record<string, JsonValue>>
  readonly logs: readonly {
    readonly node?: string
    readonly at: string
    readonly level: string
    readonly message: string
  }[]
  readonly reviews: readonly StoredReview[]
}

export type RunEvent =
  | { readonly type: 'run'; readonly id: string; readonly status: RunStatus; readonly pipeline: string }
  | ({ readonly type: 'step' } & StepSummary)
  | {
      readonly type: 'progress'
      readonly run: string
      readonly node: string
      readonly fraction: number
      readonly note?: string
    }
  /** What a step shows of itself while it works. */
  | {
      readonly type: 'live'
      readonly run: string
      readonly node: string
      readonly blocks: readonly ReportBlock[]
    }
  | {
      readonly type: 'log'
      readonly run: string
      readonly node?: string
      readonly level: string
      readonly message: string
    }
  /** A sweep began, ended, or one of its trials did. */
  | { readonly type: 'sweep'; readonly id: string; readonly status: SweepStatus }
  /** The project's own nodes have changed, or whether they are trusted. */
  | { readonly type: 'catalogue' }

/** The file an SME sends back from the offline report. */
export interface Review {
  readonly format: 1
  readonly run: string
  readonly evaluationHash: string
  readonly modelHash: string
  readonly reviewer: string
  readonly role: string
  readonly decision: 'approve' | 'approve-with-conditions' | 'reject'
  readonly comment: string
  readonly features: readonly { readonly feature: string; readonly opinion: 'fine' | 'keep' | 'ask' }[]
  readonly at: string
}
/** What a reviewer said last about a feature that was discarded: that it must come back, or a question. */
export interface FeatureOpinion {
  readonly feature: string
  readonly opinion: 'keep' | 'ask'
  readonly reviewer: string
  readonly role: string
}
export interface StoredReview extends Review {
  readonly id: string
  readonly importedAt: string
}

export interface RunComparison {
  readonly a: RunSummary
  readonly b: RunSummary
  readonly parameters: readonly {
    readonly node: string
    readonly path: string
    readonly a: JsonValue
    readonly b: JsonValue
  }[]
  readonly inputs: readonly { readonly path: string; readonly a: string | null; readonly b: string | null }[]
  readonly metrics: readonly {
    readonly node: string
    readonly name: string
    readonly label: string
    readonly a: number | null
    readonly b: number | null
  }[]
  readonly artifacts: readonly {
    readonly node: string
    readonly port: string
    readonly a: string | null
    readonly b: string | null
  }[]
}
export interface Verification {
  readonly ok: boolean
  readonly artifacts: number
  readonly findings: readonly { readonly what: string; readonly where: string }[]
}
/** Lineage as a graph: artifacts and steps, an arrow from what was used to what was made. */
export interface LineageGraph {
  readonly vertices: readonly {
    readonly id: string
    readonly kind: 'artifact' | 'step' | 'source'
    readonly label: string
    readonly detail: string
  }[]
  readonly arrows: readonly { readonly from: string; readonly to: string; readonly port: string }[]
}

export interface OpenedFile {
  readonly path: string
  readonly document: PipelineDocument
  /** SHA-256 of the text on disk; `save` refuses when the file has changed since. */
  readonly revision: string
  readonly problems: readonly Problem[]
  /** The document was migrated; the file on disk is untouched until saved. */
  readonly migrated: boolean
  /** Before nodes were brought up to date, and which were; only when some were. */
  readonly original?: PipelineDocument
  readonly migrations?: readonly {
    readonly node: string
    readonly type: string
    readonly from: number
    readonly to: number
  }[]
  /** The file has a newer format; the document is what is understood of it, never to be saved or run. */
  readonly readOnly?: true
  /** The file holds an unfinished merge; `document` is our side of it. */
  readonly unmerged?: { readonly base: PipelineDocument; readonly theirs: PipelineDocument }
}
export interface FileEntry {
  readonly name: string
  readonly path: string
  readonly folder: boolean
  readonly bytes?: number
}
export interface TableQuery {
  readonly table: Hash
  readonly offset: number
  readonly limit: number
  /** Missing values come last either way, rows alike in the table's order. */
  readonly sort?: { readonly column: string; readonly descending: boolean }
  /**
   * Rows in which any cell contains this text in any case. A number's text is its shortest, a date's is ISO (the day alone at
   * midnight), a flag's is true or yes, false or no. Pictures are not searched.
   */
  readonly search?: string
  /** First and last place of the columns whose cells are wanted; all unless told. */
  readonly columns?: readonly [first: number, last: number]
  /**
   * Who looks on: gets what has been found so far instead of waiting for all of it, should ask again while the page says
   * `looking`, and ends the search it asked for before when it asks for another.
   */
  readonly view?: string
  /** Only rows for which this holds. */
  readonly where?: RowPredicate
}
/** A stretch of a view's rows, and first and last place of the columns. */
export interface SaveRowsQuery extends Pick<TableQuery, 'table' | 'sort' | 'search' | 'where'> {
  readonly rows: readonly [first: number, last: number]
  readonly columns: readonly [first: number, last: number]
  readonly format: 'csv' | 'parquet'
}
export interface ColumnSummary {
  readonly name: string
  /** Of all rows, also of a sample. */
  readonly missing: number
  readonly distinct: number
  /** Rows that were looked at for `distinct` and `bars`; all when absent. */
  readonly sampled?: number
  /** Twelve equal-width bins for numbers, the twelve most frequent values for text. */
  readonly bars: readonly { readonly label: string; readonly count: number }[]
  /** Where the bins of numbers and dates (milliseconds UTC) begin, and where the last ends. */
  readonly edges?: readonly number[]
}
export interface EngineInfo {
  readonly version: string
  readonly project: string
  readonly projectName: string
  readonly platform: string
  readonly threads: number
  readonly bytes: number
  readonly gpu: string
}

/**
 * The engine as every host sees it: in process, over a MessagePort, over a WebSocket. All methods take one JSON-safe
 * argument (or none) and may throw a ProblemError. Paths are relative to the project folder unless absolute.
 */
export interface Engine extends HistoryOfFiles {
  info(): Promise<EngineInfo>
  catalogue(): Promise<readonly NodeCard[]>
  /** The project's own nodes, found in its folder `custom-nodes`; looking at them runs nothing. */
  customNodes(): Promise<CustomNodes>
  /** Trusts the folder as it is, by the hash of its content; with `follow` also what is changed in it until the engine closes. */
  trustCustomNodes(a: { hash: string; follow?: boolean }): Promise<CustomNodes>
  distrustCustomNodes(): Promise<CustomNodes>
  check(a: { document: PipelineDocument; file?: string }): Promise<DocumentCheck>
  /** Starts and returns at once; progress comes as events. `targets` runs to here, `set` as --set. */
  run(a: {
    document: PipelineDocument
    file?: string
    targets?: readonly string[]
    useCache?: boolean
    set?: Readonly<Record<string, string>>
  }): Promise<{ id: string }>
  cancel(a: { run: string; node?: string }): Promise<void>
  /** Asks a step at work to end early with what it has by now. */
  finish(a: { run: string; node: string }): Promise<void>
  /** Starts and returns at once; each trial is a run of its own, and what they share is computed once. */
  startSweep(a: { document: PipelineDocument; file?: string; plan: SweepPlan }): Promise<{ id: string }>
  cancelSweep(a: { sweep: string }): Promise<void>
  /** Goes on with a sweep that was cancelled or interrupted. */
  resumeSweep(a: { sweep: string }): Promise<void>
  /** Newest first. */
  sweeps(a: { file?: string; limit?: number }): Promise<readonly SweepSummary[]>
  sweep(a: { sweep: string }): Promise<SweepDetail>
  runs(a: { file?: string; limit?: number }): Promise<readonly RunSummary[]>
  runDetail(a: { run: string }): Promise<RunDetail>
  compareRuns(a: { a: string; b: string }): Promise<RunComparison>
  verify(a: { run: string }): Promise<Verification>
  lineage(a: { of: string }): Promise<LineageGraph>
  /** The result view of a step. */
  report(a: { run: string; node: string }): Promise<readonly ReportBlock[]>
  /** The self-contained HTML page of a run's report artifact. */
  reportHtml(a: { run: string; node?: string; report?: Hash }): Promise<{ name: string; html: string }>
  importReview(a: { review: JsonValue }): Promise<StoredReview>
  models(): Promise<readonly RegisteredModel[]>
  /** Moves a version to a stage; into production it replaces the one that is there. */
  promoteModel(a: { name: string; version: number; stage: ModelStage }): Promise<void>
  /** The version that was in production before answers again. */
  rollbackModel(a: { name: string }): Promise<{ from: number; to: number }>
  /** Lets new versions of a model answer beside the one in production. */
  startRollout(a: RolloutStart): Promise<void>
  /** Pauses, resumes, aborts or promotes the rollout of a model that is under way. */
  steerRollout(a: { name: string; action: RolloutAction; version?: number }): Promise<void>
  /** Cases that wait for a person, those decided last, and how people and the model agree. */
  queue(a: { model?: string }): Promise<QueueView>
  /** Takes this case, else the most urgent that is not skipped, for a person; null where none waits. */
  takeCase(a: { who: string; id?: string; model?: string; skip?: readonly string[] }): Promise<QueuedCase | null>
  /** Gives a case back undecided. */
  releaseCase(a: { id: string; who: string }): Promise<void>
  decideCase(a: { id: string; who: string; decision: string | number; note?: string }): Promise<QueuedCase>
  /** Writes what people decided as labelled rows to a new file in the project's data folder. */
  exportCases(a: { model?: string }): Promise<{ path: string; rows: number }>
  rows(a: TableQuery): Promise<TablePage>
  /** Writes rows of a view, in its order, to a new file in the project's data folder; gives its path. */
  saveRows(a: SaveRowsQuery): Promise<{ path: string }>
  /** Of all columns, or of those named; `sample` looks at a part of a long table's rows only. */
  summarize(a: { table: Hash; columns?: readonly string[]; sample?: boolean }): Promise<readonly ColumnSummary[]>
  /** How many rows a predicate chooses, and how they fall into bars over columns. */
  countSelected(a: SelectionQuery): Promise<SelectionCounts>
  /** Where the rows that a predicate chooses stand in a table; refused where that takes too many words. */
  chosenPlaces(a: ChosenQuery): Promise<Stretches>
  value(a: { hash: Hash }): Promise<JsonValue>
  /** What flows on the wires from a port, beside what its step was given; who is lost, by protected columns and by `groups`. */
  wireFacts(a: { table?: Hash; groups?: readonly string[] } & Partial<StepPort>): Promise<WireFacts>
  /** A row of a stored table, from 0, followed back through every step to its source. */
  traceRow(a: { table: Hash; row: number } & Partial<StepPort>): Promise<RowTrace>
  openFile(a: { path: string }): Promise<OpenedFile>
  /** With a revision only over that text, with null only where no file is; without one over whatever is there. */
  saveFile(a: { path: string; document: PipelineDocument; revision?: string | null }): Promise<{ revision: string }>
  /** Autosave: the newest state of an unsaved document and what it was on disk before, kept in case the program ends. */
  journal(a: { path: string; document: PipelineDocument | null; base?: PipelineDocument | null }): Promise<void>
  recover(a: { path: string }): Promise<{ document: PipelineDocument; at: string; base?: PipelineDocument } | null>
  pipelines(): Promise<
    readonly { path: string; name: string; description: string; document: PipelineDocument; last?: RunSummary }[]
  >
  files(a: {
    folder: string
    extensions?: readonly string[]
  }): Promise<{ folder: string; parent: string | null; entries: readonly FileEntry[] }>
  /** Stores a file dropped on the window in the project's data folder and gives its path. */
  upload(a: { name: string; bytes: Uint8Array }): Promise<{ path: string }>
  subscribe(listener: (event: RunEvent) => void): () => void
}

/** Names of all methods but `subscribe`; what a channel lets through. */
export const engineMethods = [
  'info',
  'catalogue',
  'customNodes',
  'trustCustomNodes',
  'distrustCustomNodes',
  'check',
  'run',
  'cancel',
  'finish',
  'startSweep',
  'cancelSweep',
  'resumeSweep',
  'sweeps',
  'sweep',
  'runs',
  'runDetail',
  'compareRuns',
  'verify',
  'lineage',
  'report',
  'reportHtml',
  'importReview',
  'models',
  'promoteModel',
  'rollbackModel',
  'queue',
  'takeCase',
  'releaseCase',
  'decideCase',
  'exportCases',
  'startRollout',
  'steerRollout',
  'rows',
  'saveRows',
  'summarize',
  'countSelected',
  'chosenPlaces',
  'value',
  'wireFacts',
  'traceRow',
  'openFile',
  'saveFile',
  'journal',
  'recover',
  'history',
  'keepEdits',
  'nameState',
  'forgetState',
  'fileRevision',
  'pipelines',
  'files',
  'upload',
] as const satisfies readonly (keyof Engine)[]
export type EngineMethod = (typeof engineMethods)[number]
