import {
  type AnyNode,
  type DocumentCheck,
  type Hash,
  type JsonValue,
  type NodeCheck,
  type PipelineDocument,
  type Problem,
  problemsOf,
  type WireVerdict,
} from '#contract'
import type { CheckedDocument, CheckedNode } from '#graph/check'
import { describeKeyChange, parseStepKey } from '#graph/fingerprint'
import { checkGroups } from '#graph/groups/check-groups'
import { expandGroups } from '#graph/groups/expand-groups'
import { lintDocument } from '#graph/lint/lint-document'
import { migrateNodes } from '#graph/migrate'
import { type Plan, planDocument } from '#graph/plan'
import { type NewestStep, newestSteps, pipelineOf, stepOfKey } from '#store/read-runs'
import type { StoredArtifact } from '#store/records'
import { type PastStep, stepHistory } from '#store/step-history'
import { glanceCached } from './find-cached.ts'
import { forecastRun, forecastStep } from './forecast.ts'
import { hasAssertions, judgeWires } from './judge-wires.ts'
import { nodeParams } from './prepare-run.ts'
import { type KeyedStep, keyStep } from './step-key.ts'
import type { Workshop } from './workshop.ts'

/** Adds to a check where each node stands: what is cached, what is stale and which change made it so. Starts no process. */
export async function checkNodes(
  workshop: Workshop,
  a: { document: PipelineDocument; file?: string },
  checked: CheckedDocument,
): Promise<DocumentCheck> {
  const expanded = expandGroups(a.document, (type) => workshop.types.get(type)?.title)
  const { document } = migrateNodes(expanded.document, workshop.catalogue)
  const pipeline = a.file === undefined ? undefined : pipelineOf(workshop.store.db, a.file)
  const newest = pipeline === undefined ? new Map<string, NewestStep>() : newestSteps(workshop.store.db, pipeline)
  const look: Look = {
    workshop,
    document,
    checked,
    newest,
    plan: planOf(workshop, document),
    file: a.file,
    ...(pipeline !== undefined && { pipeline }),
    histories: new Map(),
    outputs: new Map(),
  }
  const nodes: Record<string, NodeCheck> = {}
  for (const id of look.plan.order) nodes[id] = await checkNode(look, id)
  for (const id of Object.keys(document.nodes)) nodes[id] ??= notConfigured(look, id)
  const forecast = forecastRun(look.plan, nodes, workshop.threads)
  return {
    problems: checked.problems,
    nodes: { ...nodes, ...checkGroups(expanded, nodes) },
    ...(forecast && { forecast }),
    lint: lintDocument(migrateNodes(a.document, workshop.catalogue).document, workshop.cards, checked),
    ...(await knownWires(look)),
  }
}

/** Assertions about results that are there, as they would be found by a run. */
async function knownWires({ workshop, document, outputs }: Look): Promise<{ wires?: readonly WireVerdict[] }> {
  const sources = [...outputs].filter(([id]) => hasAssertions(document, id))
  const wires = await Promise.all(sources.map(([id, given]) => judgeWires(workshop, document, id, given)))
  return sources.length === 0 ? {} : { wires: wires.flat() }
}

interface Look {
  readonly workshop: Workshop
  readonly document: PipelineDocument
  readonly checked: CheckedDocument
  readonly newest: ReadonlyMap<string, NewestStep>
  readonly plan: Plan
  readonly file: string | undefined
  /** The file's row in the lineage; none before its first run. */
  readonly pipeline?: number
  /** Earlier steps by type, read once a check. */
  readonly histories: Map<string, readonly PastStep[]>
  /** Of nodes whose result is there: what stands at their outputs. */
  readonly outputs: Map<string, Readonly<Record<string, StoredArtifact>>>
}

function planOf(workshop: Workshop, document: PipelineDocument): Plan {
  try {
    return planDocument(document, workshop.cards)
  } catch {
    return { order: [], inputs: {} }
  }
}

function nodeFacts(look: Look, id: string) {
  const node: CheckedNode = look.checked.nodes[id] ?? { inputs: {}, outputs: {}, known: false, problems: [] }
  // Problems of wires and types stand with the document, but concern the node.
  const problems = look.checked.problems.filter((problem) => problem.node === id)
  const last = look.newest.get(id)
  return { inputs: node.inputs, outputs: node.outputs, problems, ...(last ? { last: last.summary } : {}) }
}

function notConfigured(look: Look, id: string): NodeCheck {
  return { ...nodeFacts(look, id), state: 'not-configured' }
}

const stands = (problem: Problem) => problem.level !== 'warning'

async function checkNode(look: Look, id: string): Promise<NodeCheck> {
  const facts = nodeFacts(look, id)
  const definition = look.workshop.types.get(look.document.nodes[id]!.type)
  if (!definition || facts.problems.some(stands)) return { ...facts, state: 'not-configured' }
  const last = look.newest.get(id)
  const { inputs, waiting } = gatherInputs(look, id, definition)
  const keyed = await keyOf(look, id, definition, inputs)
  if ('problems' in keyed)
    return { ...facts, problems: [...facts.problems, ...keyed.problems], state: 'not-configured' }
  const found =
    waiting.length === 0 && !definition.effect ? glanceCached(look.workshop.store, keyed.key.key) : undefined
  if (found) {
    look.outputs.set(id, found.outputs)
    const shown = look.file === undefined || last?.summary.key === keyed.key.key
    const made = shown ? undefined : stepOfKey(look.workshop.store.db, keyed.key.key)
    return { ...facts, ...(made && { last: made }), state: 'cached' }
  }
  const forecast = forecastOf(look, id, definition)
  const ahead = { ...facts, ...(forecast && { forecast }) }
  if (definition.effect || !last || last.summary.status === 'failed') return { ...ahead, state: 'ready' }
  return { ...ahead, state: 'stale', why: reasons(look, last, keyed, waiting) }
}

function forecastOf(look: Look, id: string, { type }: AnyNode) {
  const history = look.histories.get(type) ?? stepHistory(look.workshop.store.db, type)
  look.histories.set(type, history)
  return forecastStep(history, { node: id, pipeline: look.file, rows: rowsAhead(look, id) })
}

/** Rows at a node's inputs: of results that are there, else as announced; undefined where neither tells. */
function rowsAhead(look: Look, id: string): number | undefined {
  const wires = Object.values(look.plan.inputs[id] ?? {}).flat()
  const rows = wires.map(({ node, port }) => {
    const made = look.outputs.get(node)?.[port]
    return made ? (made.rows ?? 0) : look.checked.nodes[node]?.outputs[port]?.rows
  })
  const known = rows.filter((count) => count !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0)
}

interface Inputs {
  readonly inputs: Readonly<Record<string, Hash | readonly Hash[]>>
  /** Ports whose source has no result yet, with the source. */
  readonly waiting: readonly { readonly port: string; readonly node: string }[]
}

function gatherInputs(look: Look, id: string, definition: AnyNode): Inputs {
  const inputs: Record<string, Hash | readonly Hash[]> = {}
  const waiting: { port: string; node: string }[] = []
  for (const [port, wires] of Object.entries(look.plan.inputs[id] ?? {})) {
    for (const wire of wires) if (!look.outputs.has(wire.node)) waiting.push({ port, node: wire.node })
    const hashes = wires.flatMap((wire) => look.outputs.get(wire.node)?.[wire.port]?.hash ?? [])
    if (definition.inputs[port]?.many) inputs[port] = hashes
    else if (hashes[0] !== undefined) inputs[port] = hashes[0]
  }
  return { inputs, waiting }
}

/** Problems when a file that belongs to the key can not be read. */
async function keyOf(
  look: Look,
  id: string,
  node: AnyNode,
  inputs: Inputs['inputs'],
): Promise<KeyedStep | { readonly problems: readonly Problem[] }> {
  const { workshop, document, pipeline } = look
  const params = nodeParams(document, id) as Record<string, JsonValue>
  const known = pipeline === undefined ? {} : { pipeline }
  try {
    return await keyStep({ node, params, seed: document.seed, inputs, ...known }, workshop.code.of(node.type), workshop)
  } catch (error) {
    return { problems: problemsOf(error).map((problem) => ({ ...problem, node: id })) }
  }
}

/** What changed since the newest result. Inputs that have no result yet may turn out the same, so they are said apart. */
function reasons(look: Look, last: NewestStep, keyed: KeyedStep, waiting: Inputs['waiting']): readonly string[] {
  const unknown = new Set(waiting.map(({ port }) => port))
  const waits = [...new Set(waiting.map(({ node }) => node))].map((node) => `waits for ${titleOf(look, node)}`)
  if (!last.parts) return waits
  const without = (text: string) => {
    const parts = parseStepKey(text)
    return { ...parts, inputs: Object.fromEntries(Object.entries(parts.inputs).filter(([port]) => !unknown.has(port))) }
  }
  const changes = [...describeKeyChange(without(last.parts), without(keyed.key.parts)), ...waits]
  return changes.length > 0 ? changes : ['the stored result is missing or damaged']
}

function titleOf(look: Look, id: string): string {
  const { title, type } = look.document.nodes[id]!
  return title ?? look.workshop.types.get(type)?.title ?? id
}
