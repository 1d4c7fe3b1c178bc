import {
  type AnyNode,
  type InferContext,
  type PipelineDocument,
  type PortSchema,
  type Problem,
  problemsOf,
} from '#contract'
import { type Adjacency, adjacency, portAddress, sortedEdges } from './adjacency.ts'
import { checkAssertions } from './assertions/check-assertions.ts'
import { checkColumns, checkParameters } from './check-parameters.ts'
import { checkWires, cycleProblem, nodeName } from './check-wires.ts'
import { placedProblem } from './cures/cure-view.ts'
import { describeNode } from './describe-node.ts'
import { expandGroups } from './groups/expand-groups.ts'
import { migrateNodes } from './migrate.ts'
import { nearest } from './nearest.ts'

export interface CheckedNode {
  readonly inputs: Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>>
  /** Every output port of the type; empty schemas where nothing is known. */
  readonly outputs: Readonly<Record<string, PortSchema>>
  /** False when the schemas are unknown because this node, or one that feeds it, has a problem. */
  readonly known: boolean
  readonly problems: readonly Problem[]
}
export interface CheckedDocument {
  /** All problems: of the document first, then node by node in the order they would run. */
  readonly problems: readonly Problem[]
  readonly nodes: Readonly<Record<string, CheckedNode>>
}

/** Why the catalogue lacks a type that the project has; nothing where it does not know either. */
export type WhyAbsent = (type: string) => readonly Problem[]

/**
 * Finds every problem of a document before anything runs: types, versions, wires, circles, parameters, columns. A node
 * behind a broken one has unknown schemas and is not blamed for it. Nodes inside groups are called `group--node`.
 */
export async function checkDocument(
  document: PipelineDocument,
  catalogue: readonly AnyNode[],
  context: InferContext,
  whyAbsent: WhyAbsent = () => [],
): Promise<CheckedDocument> {
  const types = new Map(catalogue.map((node) => [node.type as string, node]))
  const expanded = expandGroups(document, (type) => types.get(type)?.title)
  const migrated = migrateNodes(expanded.document, catalogue)
  const graph = adjacency(migrated.document)
  const cards = new Map(catalogue.map((node) => [node.type as string, describeNode(node)]))
  const structure = [
    ...expanded.problems,
    ...typeProblems(migrated.document, types, whyAbsent),
    ...migrated.problems,
    ...checkWires(migrated.document, cards),
    ...graph.cycles.map(cycleProblem),
    ...namedInputProblems(migrated.document, types),
  ]
  const inferred = await inferAll({ document: migrated.document, types, graph, context, structure })
  const asserted = checkAssertions(migrated.document, cards, (id) => inferred.get(id)?.outputs)
  return collect(migrated.document, graph, [...structure, ...asserted], inferred)
}

interface Inference {
  readonly document: PipelineDocument
  readonly types: ReadonlyMap<string, AnyNode>
  readonly graph: Adjacency
  readonly context: InferContext
  readonly structure: readonly Problem[]
}

async function inferAll(work: Inference): Promise<ReadonlyMap<string, CheckedNode>> {
  const wires = wiresByNode(work.document)
  const broken = new Set(work.structure.filter(stopsInference).map((problem) => problem.node))
  const started = new Map<string, Promise<CheckedNode>>()
  for (const id of work.graph.order) {
    const sources = (source: string) => started.get(source)
    started.set(id, inferNode(work, id, wires.get(id) ?? [], sources, broken.has(id)))
  }
  const behindCycle = Object.keys(work.document.nodes).filter((id) => !started.has(id))
  for (const id of behindCycle)
    started.set(
      id,
      inferNode(work, id, [], () => undefined, true),
    )
  const nodes = await Promise.all([...started].map(async ([id, node]) => [id, await node] as const))
  return new Map(nodes)
}

/** A wire that starts at an output that does not exist harms the node it ends at, not the one it starts at. */
function stopsInference(problem: Problem): boolean {
  return problem.level !== 'warning' && problem.path?.[0] !== 'outputs'
}

type Wire = { readonly port: string; readonly node: string; readonly output: string }

function wiresByNode(document: PipelineDocument): ReadonlyMap<string, readonly Wire[]> {
  const wires = new Map<string, Wire[]>()
  for (const edge of sortedEdges(document.edges)) {
    const [from, to] = [portAddress(edge.from), portAddress(edge.to)]
    const list = wires.get(to.node) ?? []
    list.push({ port: to.port, node: from.node, output: from.port })
    wires.set(to.node, list)
  }
  return wires
}

async function inferNode(
  work: Inference,
  id: string,
  wires: readonly Wire[],
  sources: (id: string) => Promise<CheckedNode> | undefined,
  broken: boolean,
): Promise<CheckedNode> {
  const definition = work.types.get(work.document.nodes[id]!.type)
  if (!definition) return { inputs: {}, outputs: {}, known: false, problems: [] }
  const nothing = Object.fromEntries(Object.keys(definition.outputs).map((port) => [port, {}]))
  const { inputs, known } = await gatherInputs(definition, wires, sources)
  if (isNewer(work.document, id, definition)) return { inputs, outputs: nothing, known: false, problems: [] }
  const { params, problems } = checkParameters(work.document, id, definition)
  if (!params) return { inputs, outputs: nothing, known: false, problems }
  const columns = checkColumns(work.document, id, definition, params, inputs)
  const early = [...problems, ...columns]
  if (!known || broken) return { inputs, outputs: nothing, known: false, problems: early }
  const answer = await askNode(definition, inputs, params, work.context)
  if (!Array.isArray(answer)) {
    const outputs = { ...nothing, ...(answer as Record<string, PortSchema>) }
    return { inputs, outputs, known: columns.length === 0, problems: early }
  }
  const own = (answer as readonly Problem[]).map((problem) => placed(problem, id, work.document))
  return { inputs, outputs: nothing, known: false, problems: [...early, ...unsaid(own, columns)] }
}

async function gatherInputs(
  definition: AnyNode,
  wires: readonly Wire[],
  sources: (id: string) => Promise<CheckedNode> | undefined,
): Promise<{ inputs: CheckedNode['inputs']; known: boolean }> {
  const inputs: Record<string, PortSchema | readonly PortSchema[] | undefined> = {}
  let known = true
  for (const [port, { many }] of Object.entries(definition.inputs)) {
    const schemas: PortSchema[] = []
    for (const wire of wires.filter((candidate) => candidate.port === port)) {
      const source = await sources(wire.node)
      const schema = source && Object.hasOwn(source.outputs, wire.output) ? source.outputs[wire.output] : undefined
      known &&= source?.known === true && schema !== undefined
      schemas.push(schema ?? {})
    }
    inputs[port] = many ? schemas : schemas[0]
  }
  return { inputs, known }
}

async function askNode(
  definition: AnyNode,
  inputs: CheckedNode['inputs'],
  params: Record<string, unknown>,
  context: InferContext,
): Promise<unknown> {
  try {
    return await definition.infer({ inputs: inputs as Record<string, PortSchema>, params, context })
  } catch (error) {
    return problemsOf(error)
  }
}

function placed(problem: Problem, id: string, document: PipelineDocument): Problem {
  const message =
    problem.code === 'internal' ? `${nodeName(document, id)} could not be checked: ${problem.message}` : problem.message
  return placedProblem({ ...problem, message }, id)
}

/** What a node says itself, without what may only follow from the columns that were not found. */
function unsaid(own: readonly Problem[], columns: readonly Problem[]): readonly Problem[] {
  if (columns.length === 0) return own
  const said = new Set(columns.map((problem) => problem.path?.join('\u0000')))
  const follows: ReadonlySet<string> = new Set(['internal', 'column-unknown', 'column-type', 'role-missing'])
  return own.filter((problem) => !follows.has(problem.code) && !said.has(problem.path?.join('\u0000')))
}

function isNewer(document: PipelineDocument, id: string, definition: AnyNode): boolean {
  return document.nodes[id]!.version > definition.version
}

function typeProblems(
  document: PipelineDocument,
  types: ReadonlyMap<string, AnyNode>,
  whyAbsent: WhyAbsent,
): Problem[] {
  return Object.entries(document.nodes).flatMap(([id, node]): Problem[] => {
    const definition = types.get(node.type)
    if (!definition) {
      const known = whyAbsent(node.type).map((problem) => ({ ...problem, node: id, path: ['nodes', id, 'type'] }))
      return known.length > 0 ? known : [unknownType(document, id, [...types.values()])]
    }
    if (node.version <= definition.version) return []
    return [
      {
        code: 'node-newer',
        message: `The node ${nodeName(document, id)} was saved by version ${node.version} of ${node.type}; this Plumbline has version ${definition.version}.`,
        node: id,
        path: ['nodes', id, 'version'],
        fix: 'Open the file with a newer Plumbline.',
      },
    ]
  })
}

function unknownType(document: PipelineDocument, id: string, known: readonly AnyNode[]): Problem {
  const type = document.nodes[id]!.type
  const close = type.startsWith('custom/') ? undefined : nearestType(type, known)
  return {
    code: 'node-unknown',
    message: `The node ${nodeName(document, id)} has the type "${type}", which the catalogue does not have.`,
    node: id,
    path: ['nodes', id, 'type'],
    fix: type.startsWith('custom/')
      ? `Put its code into custom-nodes/${type.slice('custom/'.length)}, or remove the node.`
      : close
        ? `Use the type "${close}".`
        : 'Remove the node, or see "plumbline nodes" for the types there are.',
  }
}

/** The type most likely meant: close in spelling, of the same name in another family, or with the name among its keywords. */
export function nearestType(
  type: string,
  known: readonly { readonly type: string; readonly keywords?: readonly string[] }[],
): string | undefined {
  const name = type.split('/').at(-1)!
  const byName = known.find((node) => node.type.split('/')[1] === name)?.type
  const byKeyword = known.find((node) =>
    node.keywords?.some((keyword) => keyword.toLowerCase() === name.replaceAll('-', ' ')),
  )?.type
  return (
    byName ??
    nearest(
      type,
      known.map((node) => node.type),
    ) ??
    byKeyword
  )
}

/** Named settings that point at a node or parameter that is not there. */
function namedInputProblems(document: PipelineDocument, types: ReadonlyMap<string, AnyNode>): Problem[] {
  return Object.entries(document.inputs).flatMap(([name, target]): Problem[] => {
    const { node, port: param } = portAddress(target)
    const exists = Object.hasOwn(document.nodes, node)
    const definition = exists ? types.get(document.nodes[node]!.type) : undefined
    if (exists && !definition) return []
    const params = definition ? Object.keys(definition.params.shape) : []
    const first = param.split('.')[0]!
    if (params.includes(first)) return []
    const close = exists ? nearest(first, params) : nearest(node, Object.keys(document.nodes))
    const suggestion = exists ? `${node}.${close}` : `${close}.${param}`
    return [
      {
        code: 'document-format',
        message: `The setting "${name}" points at ${target}, but ${exists ? `"${node}" has no parameter "${first}"` : `there is no node "${node}"`}.`,
        path: ['inputs', name],
        fix: close ? `Point it at ${suggestion}.` : 'Remove the setting.',
      },
    ]
  })
}

function collect(
  document: PipelineDocument,
  graph: Adjacency,
  structure: readonly Problem[],
  inferred: ReadonlyMap<string, CheckedNode>,
): CheckedDocument {
  const ids = [...new Set([...graph.order, ...Object.keys(document.nodes)])]
  const nodes: Record<string, CheckedNode> = {}
  for (const id of ids) {
    const node = inferred.get(id)!
    nodes[id] = { ...node, problems: [...structure.filter((problem) => problem.node === id), ...node.problems] }
  }
  const ofDocument = structure.filter((problem) => problem.node === undefined || !nodes[problem.node])
  return { problems: [...ofDocument, ...ids.flatMap((id) => nodes[id]!.problems)], nodes }
}
