import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type BlobFiles, createFolderBlobs } from '#compute/blob-files'
import { createInferContext, createRunContext } from '#compute/context'
import {
  type AnyNode,
  type CardFact,
  type Frame,
  type Hash,
  type InferContext,
  type NodeCard,
  type PipelineDocument,
  type PortSchema,
  type PortValue,
  ProblemError,
  type ReportBlock,
  type RunContext,
  type Table,
} from '#contract'
import { checkColumns, checkParameters } from '#graph/check-parameters'
import { describeNode } from '#graph/describe-node'
import { canonicalJson } from '#graph/fingerprint'
import { type Plan, planDocument } from '#graph/plan'

export type PortInput = PortValue | readonly PortValue[] | undefined
export type NodeInputs = Readonly<Record<string, PortInput>>
export type NodeOutputs = Readonly<Record<string, PortValue>>

export interface RunOptions {
  readonly seed?: number
  readonly threads?: number
  /** Asked at every progress call. */
  cancelled?(): boolean
}
export interface NodeRun {
  readonly outputs: NodeOutputs
  /** Fractions as the node itself reported them. */
  readonly progress: readonly number[]
}

/** Runs single nodes in this process on real files, without store and scheduler: what the conformance suite stands on. */
export interface NodeBench {
  readonly infer: InferContext
  write(frame: Frame): Promise<Table>
  read(table: Table): Promise<Frame>
  run(
    node: AnyNode,
    params: Readonly<Record<string, unknown>>,
    inputs: NodeInputs,
    options?: RunOptions,
  ): Promise<NodeRun>
  /** Everything a finished step shows: its card and its result view. */
  show(
    node: AnyNode,
    params: Readonly<Record<string, unknown>>,
    inputs: NodeInputs,
    outputs: NodeOutputs,
  ): Promise<{ readonly card?: CardFact; readonly blocks: readonly ReportBlock[] }>
  /**
   * Runs what a node of a document needs and gives its inputs; `replace` stands in for the outputs of some nodes.
   * What ran once is kept.
   */
  inputsOf(document: PipelineDocument, id: string, replace?: Readonly<Record<string, NodeOutputs>>): Promise<NodeInputs>
  /** What a node of a document gives; kept as well. */
  outputsOf(document: PipelineDocument, id: string): Promise<NodeOutputs>
}

export interface Workshop {
  /** A bench for nodes whose files start from this folder. All benches share files and results. */
  bench(project: string): NodeBench
  close(): Promise<void>
}

/** The longest a node may take before its work is stopped and counts as hanging. */
const patienceMs = 45_000

export function createWorkshop(catalogue: readonly AnyNode[]): Workshop {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-check-'))
  const shop: Shop = {
    cards: catalogue.map(describeNode),
    types: new Map(catalogue.map((node) => [node.type as string, node])),
    blobs: createFolderBlobs(path.join(folder, 'blobs')),
    temporary: path.join(folder, 'temporary'),
    known: new Map(),
  }
  const opened: { close(): Promise<void> }[] = []
  return {
    bench(project) {
      const infer = createInferContext({ project, temporary: shop.temporary })
      opened.push(infer)
      return openBench(shop, project, infer)
    },
    async close() {
      for (const context of opened) await context.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Shop {
  readonly cards: readonly NodeCard[]
  readonly types: ReadonlyMap<string, AnyNode>
  readonly blobs: BlobFiles
  readonly temporary: string
  readonly known: Map<string, Promise<NodeOutputs>>
}

function openBench(shop: Shop, project: string, infer: InferContext): NodeBench {
  const quietly = <T>(work: (context: RunContext) => Promise<T>) => withContext(shop, project, {}, () => {}, work)
  const run: NodeBench['run'] = async (node, params, inputs, options = {}) => {
    const progress: number[] = []
    const hashes = inputHashes(inputs)
    const outputs = await withContext(
      shop,
      project,
      options,
      (fraction) => progress.push(fraction),
      (context) => node.run({ inputs: inputs as never, hashes: hashes as never, params, context }),
    )
    return { outputs: outputs as NodeOutputs, progress }
  }
  const step = (document: PipelineDocument, id: string, inputs: NodeInputs): Promise<NodeOutputs> => {
    const { type, params: given } = document.nodes[id]!
    const node = shop.types.get(type)!
    const params = node.params.parse(given) as Record<string, unknown>
    const place = node.sources ? project : ''
    const key = canonicalJson({ type, params, place, seed: document.seed, inputs: inputHashes(inputs) })
    const started =
      shop.known.get(key) ??
      inferNode({ infer }, node, given, inputs)
        .then(() => run(node, params, inputs, { seed: document.seed }))
        .then(({ outputs }) => outputs)
    shop.known.set(key, started)
    return started
  }
  const inputsOf: NodeBench['inputsOf'] = async (document, id, replace = {}) => {
    const plan = planDocument(document, shop.cards, [id])
    const values = new Map<string, NodeOutputs>(Object.entries(replace))
    for (const node of plan.order)
      if (node !== id && !values.has(node))
        values.set(node, await step(document, node, gather(shop, document, plan, node, values)))
    return gather(shop, document, plan, id, values)
  }
  return {
    infer,
    write: (frame) => quietly((context) => context.tables.write(frame)),
    read: (table) => quietly((context) => context.tables.read(table)),
    run,
    inputsOf,
    outputsOf: async (document, id) => step(document, id, await inputsOf(document, id)),
    show: (node, params, inputs, outputs) =>
      quietly(async (context) => {
        const shown = { inputs: inputs as never, outputs: outputs as never, params }
        const card = node.card?.(shown)
        const blocks = (await node.report?.({ ...shown, hashes: inputHashes(inputs) as never, context })) ?? []
        return { ...(card ? { card } : {}), blocks }
      }),
  }
}

function gather(
  shop: Shop,
  document: PipelineDocument,
  plan: Plan,
  id: string,
  values: ReadonlyMap<string, NodeOutputs>,
): NodeInputs {
  const ports = shop.types.get(document.nodes[id]!.type)!.inputs
  return Object.fromEntries(
    Object.entries(plan.inputs[id]!).map(([port, wires]) => {
      const found = wires.map((wire) => values.get(wire.node)![wire.port]!)
      return [port, ports[port]!.many ? found : found[0]]
    }),
  )
}

async function withContext<T>(
  shop: Shop,
  project: string,
  options: RunOptions,
  report: (fraction: number) => void,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs
  const context = createRunContext({
    blobs: shop.blobs,
    project,
    temporary: shop.temporary,
    seed: options.seed ?? 1,
    budget: { threads: options.threads ?? 1, bytes: 1 << 30 },
    engineVersion: 'check',
    onProgress: () => {},
    onLog: () => {},
    onShow: () => {},
    finishing: () => false,
    cancelled: () => options.cancelled?.() === true || performance.now() > deadline,
  })
  const watched: RunContext = {
    ...context,
    signal: context.signal,
    progress(fraction, note) {
      report(fraction)
      context.progress(fraction, note)
    },
  }
  try {
    return await work(watched)
  } finally {
    await context.close()
  }
}

function inputHashes(inputs: NodeInputs): Readonly<Record<string, Hash | readonly Hash[] | undefined>> {
  const hash = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex') as Hash
  return Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [
      port,
      Array.isArray(value) ? value.map(hash) : value && hash(value),
    ]),
  )
}

/** What is known of a value before a run, as a node upstream would have inferred it. */
export function schemaOf(value: PortValue): PortSchema {
  if (value.kind === 'table') return { columns: value.columns }
  if (value.kind === 'schema')
    return { columns: value.columns.map(({ name, type, nullable, role }) => ({ name, type, nullable, role })) }
  if (value.kind !== 'model') return {}
  const { purpose, target, classes, features } = value
  return {
    purpose,
    features,
    ...(target === undefined ? {} : { target }),
    ...(classes === undefined ? {} : { classes }),
  }
}

export function schemasOf(
  inputs: NodeInputs,
): Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [
      port,
      Array.isArray(value) ? value.map(schemaOf) : value && schemaOf(value as PortValue),
    ]),
  )
}

/** What the engine does before it starts a step: parameters, columns, the node's own inference. Throws the problems it finds. */
export async function inferNode(
  bench: Pick<NodeBench, 'infer'>,
  node: AnyNode,
  given: Readonly<Record<string, unknown>>,
  inputs: NodeInputs,
) {
  const document = { nodes: { step: { type: node.type, version: node.version, params: given as never } } }
  const checked = checkParameters(document, 'step', node)
  if (!checked.params) throw new ProblemError(checked.problems)
  const schemas = schemasOf(inputs)
  const columns = checkColumns(document, 'step', node, checked.params, schemas)
  if (columns.length > 0) throw new ProblemError(columns)
  const answer = await node.infer({ inputs: schemas as never, params: checked.params, context: bench.infer })
  if (Array.isArray(answer)) throw new ProblemError(answer)
  return { params: checked.params, outputs: answer as Readonly<Record<string, PortSchema>> }
}
