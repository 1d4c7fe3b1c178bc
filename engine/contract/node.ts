import type { z } from 'zod'
import type { FeatureOpinion, StoredReview } from './engine.ts'
import type { Kernels } from './kernels.ts'
import type { NodeTrait } from './lint.ts'
import type { Problem } from './problem.ts'
import type { RegistryRequest } from './registry.ts'
import type { ReportBlock } from './report-block.ts'
import type { Column, Frame, Hash, Table } from './table.ts'
import type { Model, PortType, PortValues } from './values.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface Port<K extends PortType = PortType> {
  readonly type: K
  readonly doc: string
  readonly optional?: true
  /** Takes any number of wires, one at least unless optional; the value is an array in the order of the wires' sources. */
  readonly many?: true
}
export type Ports = Readonly<Record<string, Port>>

type ValueOf<P extends Port> = P extends { readonly many: true }
  ? readonly PortValues[P['type']][]
  : P extends { readonly optional: true }
    ? PortValues[P['type']] | undefined
    : PortValues[P['type']]
export type Values<P extends Ports> = { readonly [K in keyof P]: ValueOf<P[K]> }

/** An artifact's own hash beside its content: what lineage and reports refer to. */
export type Hashes<P extends Ports> = {
  readonly [K in keyof P]: P[K] extends { readonly many: true } ? readonly Hash[] : Hash | undefined
}

/** What is known of a port before any run: a table's columns, what a model predicts and from what. */
export interface PortSchema {
  readonly columns?: readonly Column[]
  readonly rows?: number
  readonly purpose?: Model['purpose']
  readonly target?: string
  readonly classes?: readonly string[]
  readonly features?: readonly Column[]
  /** Columns announced as features that the data may leave out of learning (role label). */
  readonly undecided?: readonly string[]
  /** Names of figures an evaluation may carry; one that ends in a dot stands for all that begin so. Others are unknown. */
  readonly metrics?: readonly string[]
}
type SchemaOf<P extends Port> = P extends { readonly many: true }
  ? readonly PortSchema[]
  : P extends { readonly optional: true }
    ? PortSchema | undefined
    : PortSchema
export type Schemas<P extends Ports> = { readonly [K in keyof P]: SchemaOf<P[K]> }

export interface InferContext {
  /** Columns of an external file from its head; options as the node's own reader takes them. */
  peek(
    path: string,
    options: Readonly<Record<string, JsonValue>>,
  ): Promise<{ readonly columns: readonly Column[]; readonly rows?: number }>
  /** Columns a query over empty tables of these columns would give. */
  describe(sql: string, tables: Readonly<Record<string, readonly Column[]>>): Promise<readonly Column[]>
}

/** Everything a node may reach besides its inputs. A node is pure but for this. */
export interface RunContext {
  /** The pipeline's seed, never derived from an id. */
  readonly seed: number
  readonly signal: {
    readonly aborted: boolean
    throwIfAborted(): void
    /** Somebody asked for what there is by now: end early, with a result. */
    readonly finishing: boolean
  }
  readonly budget: { readonly threads: number; readonly bytes: number }
  /** Monotone from 0 to 1. Throws `cancelled` when the run was cancelled: call it often. */
  progress(fraction: number, note?: string): void
  log(message: string, level?: 'info' | 'warning'): void
  /** Lets messages arrive, such as the wish to finish early: for long work that waits for nothing. */
  breathe(): Promise<void>
  /** What to draw while the step works: the newest call counts. The step's result shows what `report` makes. */
  show(blocks: readonly ReportBlock[]): void
  /** Compiled kernels and network sessions, loaded on first use. */
  readonly kernels: Kernels
  /** Threads that do jobs side by side, as many as the budget has. */
  crew<Setup, Job, Answer>(plan: CrewPlan<Setup>): Crew<Job, Answer>
  /** What an interrupted step of the same key left, so that it goes on where it was; gone once the step is done. */
  readonly checkpoint: {
    read(): Promise<Uint8Array | undefined>
    write(bytes: Uint8Array): Promise<void>
  }
  readonly tables: {
    /** Columns into memory; all when no names are given, else in the order of the names. */
    read(table: Table, names?: readonly string[]): Promise<Frame>
    /** Writes Parquet. Same frame, same bytes. */
    write(frame: Frame): Promise<Table>
    /** A query over tables (named as in `tables`), written as a new table. It must order its rows totally; `__row` is each input's row number. */
    query(sql: string, tables: Readonly<Record<string, Table>>): Promise<Table>
    /** A query whose few rows are wanted at once, as JSON values. */
    rows(sql: string, tables: Readonly<Record<string, Table>>): Promise<readonly Readonly<Record<string, JsonValue>>[]>
    /** Reads an external file named by `sources(params)` into a table; lines that can not be read come back as a second table. */
    ingest(
      path: string,
      options: Readonly<Record<string, JsonValue>>,
    ): Promise<{
      readonly table: Table
      readonly rejected: Table
      /** What was found out about the file: format, delimiter, encoding, notes. */
      readonly reading: JsonValue
    }>
  }
  readonly models: {
    /** Raw outputs of a model on raw rows, through ONNX Runtime: the prepared matrix, class probabilities, or predictions; row-major. */
    score(
      model: Pick<Model, 'onnx' | 'features'>,
      frame: Frame,
    ): Promise<{ readonly values: Float64Array; readonly width: number }>
    /** How fast and how heavy a model is here, on a session of its own; for nodes that `measures`. */
    measure(model: MeasuredModel, frame: Frame, plan: MeasurementPlan): Promise<ModelMeasurement>
  }
  readonly blobs: {
    put(bytes: Uint8Array): Promise<Hash>
    get(hash: Hash): Promise<Uint8Array>
  }
  /** For effects: asks the model registry for a change, which the engine makes in the transaction that records the step, or the step fails. */
  readonly registry: { ask(request: RegistryRequest): void }
  /** For nodes that are `reviewed`: decisions about the evaluations at its inputs, in the order they came in. */
  readonly reviews: readonly StoredReview[]
  /** For nodes that `consult`: what reviewers of this pipeline's runs want of features, by feature and reviewer. */
  readonly opinions: readonly FeatureOpinion[]
  /** Versions that model.json and reports carry. */
  readonly engine: { readonly version: string }
}

export interface CrewPlan<Setup> {
  /** The URL, beside `import.meta.url`, of a module that exports `openMember: OpenMember`. */
  readonly module: { readonly href: string }
  /** Given to each member once, as a structured clone; arrays on a SharedArrayBuffer are shared. */
  readonly setup: Setup
  /** Members at most; the budget's threads unless told. */
  readonly size?: number
}
/** Members of a crew: each on a thread of its own, so what one does must not depend on who does it. */
export interface Crew<Job, Answer> {
  readonly size: number
  /** Waits for a free member. Rejects with the member's problem, or `cancelled`. */
  assign(job: Job): Promise<Answer>
  close(): Promise<void>
}
export type OpenMember<Setup, Job, Answer> = (
  setup: Setup,
  tools: { readonly kernels: Kernels; cancelled(): boolean },
) => Promise<(job: Job) => Promise<Answer>>

/** A file that is not kept comes as its bytes. */
export type MeasuredModel = Pick<Model, 'features'> & { readonly onnx: Hash | Uint8Array }
export interface MeasurementPlan {
  /** A name of ONNX Runtime's: cpu, webgpu, cuda, dml, coreml. */
  readonly provider: string
  readonly threads: number
  /** Rows a call, in turn; rows of the frame are taken round and round. */
  readonly batches: readonly number[]
  /** Calls that count, after a tenth as many that don't; fewer, but twenty at least, where they would take longer than `mostMs`. */
  readonly calls: number
  readonly mostMs: number
  /** Stays loaded until the step ends, so that models measured after it don't find its memory free. */
  readonly stays?: boolean
}
export interface ModelMeasurement {
  readonly loadMs: number
  /** Growth of the process while the model was loaded and called. */
  readonly memoryBytes: number
  /** Wall time of each counted call, by batch, in the order of the calls. */
  readonly batches: readonly { readonly rows: number; readonly callMs: Float64Array }[]
}

/** The node's face on the canvas: one line of fact and at most one small picture. `**bold**` marks the figure. */
export interface CardFact {
  readonly text: string
  readonly tone?: 'ok' | 'bad' | 'stale'
  readonly picture?:
    | { readonly type: 'bars'; readonly values: readonly number[]; readonly tones?: readonly ('ok' | 'bad' | 'mute')[] }
    | { readonly type: 'rows'; readonly values: readonly number[] }
    | { readonly type: 'line'; readonly series: readonly (readonly number[])[] }
    | { readonly type: 'dots'; readonly x: readonly number[]; readonly y: readonly number[] }
}

export interface NodeDefinition<
  In extends Ports = Ports,
  Out extends Ports = Ports,
  Params extends z.ZodObject = z.ZodObject,
> {
  readonly type: `${string}/${string}`
  readonly version: number
  readonly title: string
  /** What it does, for whom, with the formula's source; Markdown, at least two sentences. */
  readonly doc: string
  readonly keywords?: readonly string[]
  /** What graph lint knows this node by. */
  readonly traits?: readonly NodeTrait[]
  readonly inputs: In
  readonly outputs: Out
  /** Every property has a `.meta({ title, description, widget? … })`; see `ParameterMeta`. All have defaults where one is sensible. */
  readonly params: Params
  /** Runs in the engine before any run, on schemas alone. */
  infer(a: {
    inputs: Schemas<In>
    params: z.output<Params>
    context: InferContext
  }): Promise<Schemas<Out> | readonly Problem[]>
  /** External files this node reads, relative to the project folder; their bytes belong to the cache key. */
  sources?(params: z.output<Params>): readonly string[]
  /** Measures this machine, always or with some parameters: the machine's name belongs to the cache key, and nothing else runs meanwhile. */
  readonly measures?: true | ((params: z.output<Params>) => boolean)
  /** Looks at what reviewers decided about the evaluations at its inputs: those decisions belong to the cache key. */
  readonly reviewed?: true
  /** Asks what reviewers of earlier runs of the same pipeline said about features: their opinions belong to the cache key. */
  readonly consults?: true
  /** Acts on the world: never cached, skipped when a release at its inputs does not pass, idempotent. */
  readonly effect?: true
  run(a: {
    inputs: Values<In>
    hashes: Hashes<In>
    params: z.output<Params>
    context: RunContext
  }): Promise<Values<Out>>
  /** Pure and quick; made right after the run and kept with the step. */
  card?(a: { inputs: Values<In>; outputs: Values<Out>; params: z.output<Params> }): CardFact
  report?(a: {
    inputs: Values<In>
    outputs: Values<Out>
    hashes: Hashes<In>
    params: z.output<Params>
    context: RunContext
  }): Promise<readonly ReportBlock[]>
  /** Parameters of version n to those of n + 1. */
  readonly migrate?: Readonly<Record<number, (old: Readonly<Record<string, JsonValue>>) => Record<string, JsonValue>>>
}

/** Extra keys of a parameter's `.meta()`; they travel in its JSON Schema and drive the form and the checks. */
export interface ParameterMeta {
  title: string
  description?: string
  /**
   * column, columns: pickers over the table at input `of` (default `table`), narrowed by `types`; unknown names are problems.
   * file: a path with a browse button. code: a monospace editor. prose: some sentences. rows: a small table, one object a row.
   */
  widget?: 'column' | 'columns' | 'file' | 'code' | 'prose' | 'rows' | 'slider' | 'metric'
  of?: string
  types?: readonly Column['type'][]
  unit?: string
  placeholder?: string
  /** Folded away under "More". */
  advanced?: true
  /** Shown only while another parameter has one of these values. */
  when?: Readonly<Record<string, readonly JsonValue[]>>
}

export function defineNode<const In extends Ports, const Out extends Ports, Params extends z.ZodObject>(
  definition: NodeDefinition<In, Out, Params>,
): NodeDefinition<In, Out, Params> {
  return definition
}

/** A node of any shape, as catalogues hold it: methods are compared loosely, and inputs are checked before `run` is called. */
export type AnyNode = NodeDefinition
