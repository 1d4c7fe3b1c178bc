import type { Assertion, JsonValue, PipelineDocument, PipelineEdge } from '#contract'
import { sortedEdges } from '../adjacency.ts'
import { canonicalJson } from '../canonical.ts'

/**
 * A document as single facts by place, the finest things two people can change apart from each other:
 * `name`, `seed`, `nodes/ID` (its type), `nodes/ID/title`, `nodes/ID/params/NAME`, `edges/FROM→TO`,
 * `assertions/FROM→TO/WHAT` (its limit), `inputs/NAME`, `layout/ID`, `frames/…` and `notes/…` (by content). Whatever
 * other parts documents get: `more/PART` or, of a part with names, `more/PART/NAME`; of a node `nodes/ID/PART`.
 */
export type DocumentFacts = ReadonlyMap<string, JsonValue>

const heads = ['$schema', 'name', 'description', 'seed'] as const
const known: readonly string[] = [...heads, 'format', 'nodes', 'edges', 'inputs', 'layout', 'frames', 'notes']

export function documentFacts(document: PipelineDocument): DocumentFacts {
  const facts = new Map<string, JsonValue>()
  for (const head of heads) if (document[head] !== undefined) facts.set(head, document[head])
  for (const [id, { type, params, ...parts }] of Object.entries(document.nodes)) {
    facts.set(`nodes/${id}`, type)
    for (const [part, value] of Object.entries(parts)) if (value !== undefined) facts.set(`nodes/${id}/${part}`, value)
    for (const [name, value] of Object.entries(params)) facts.set(`nodes/${id}/params/${name}`, value as JsonValue)
  }
  for (const { from, to, assertions = [] } of document.edges) {
    facts.set(`edges/${from}→${to}`, true)
    for (const { limit, ...what } of assertions) facts.set(`assertions/${from}→${to}/${canonicalJson(what)}`, limit)
  }
  for (const [name, target] of Object.entries(document.inputs)) facts.set(`inputs/${name}`, target)
  for (const [id, place] of Object.entries(document.layout)) facts.set(`layout/${id}`, place)
  for (const kind of ['frames', 'notes'] as const)
    for (const item of document[kind]) facts.set(`${kind}/${canonicalJson(item)}`, item as unknown as JsonValue)
  for (const [part, value] of Object.entries(document as unknown as Readonly<Record<string, JsonValue>>))
    if (!known.includes(part) && value !== undefined) setMore(facts, part, value)
  return facts
}

function setMore(facts: Map<string, JsonValue>, part: string, value: JsonValue): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) facts.set(`more/${part}`, value)
  else for (const [name, one] of Object.entries(value)) facts.set(`more/${part}/${name}`, one)
}

function moreParts(more: readonly (readonly [string, JsonValue])[]): Readonly<Record<string, JsonValue>> {
  const parts: Record<string, JsonValue> = {}
  for (const [place, value] of more) {
    const [part, ...name] = place.split('/')
    parts[part!] = name.length === 0 ? value : { ...(parts[part!] as object), [name.join('/')]: value }
  }
  return parts
}

/** The document that has these facts; facts about nodes that do not exist are left out. */
export function documentOf(facts: DocumentFacts, format: number): PipelineDocument {
  const part = (name: string) =>
    [...facts].flatMap(([place, value]) =>
      place.startsWith(`${name}/`) ? [[place.slice(name.length + 1), value] as const] : [],
    )
  const nodes: Record<string, Mutable<PipelineDocument['nodes'][string]>> = {}
  for (const [place, value] of part('nodes'))
    if (!place.includes('/')) nodes[place] = { type: value as string, version: 1, params: {} }
  for (const [place, value] of part('nodes')) {
    const [id, what, ...name] = place.split('/')
    const node = nodes[id!]
    if (!node || what === undefined) continue
    if (what !== 'params') Object.assign(node, { [what]: value })
    else node.params = { ...node.params, [name.join('/')]: value } as typeof node.params
  }
  const schema = facts.get('$schema')
  return {
    ...(schema === undefined ? {} : { $schema: schema as string }),
    format,
    name: (facts.get('name') as string | undefined) ?? '',
    description: (facts.get('description') as string | undefined) ?? '',
    seed: (facts.get('seed') as number | undefined) ?? 1,
    nodes,
    edges: sortedEdges(part('edges').map(([place]) => assertedWire(place, part('assertions')))),
    inputs: Object.fromEntries(part('inputs')) as Record<string, string>,
    layout: Object.fromEntries(part('layout').filter(([id]) => id in nodes)) as unknown as PipelineDocument['layout'],
    frames: part('frames').map(([, frame]) => frame as unknown as PipelineDocument['frames'][number]),
    notes: part('notes').map(([, note]) => note as unknown as PipelineDocument['notes'][number]),
    ...moreParts(part('more')),
  }
}

function assertedWire(wire: string, asserted: readonly (readonly [string, JsonValue])[]): PipelineEdge {
  const assertions = asserted.flatMap(([place, limit]) =>
    place.startsWith(`${wire}/`)
      ? [{ ...(JSON.parse(place.slice(wire.length + 1)) as Assertion), limit: limit as number }]
      : [],
  )
  return { ...wireAt(wire), ...(assertions.length > 0 && { assertions }) }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The wire of a place, with or without `edges/` before it; of an assertion's place its wire. */
export function wireAt(place: string): { readonly from: string; readonly to: string } {
  const [from = '', to = ''] = place.replace(/^(edges|assertions)\/([^/]*).*$/s, '$2').split('→')
  return { from, to }
}
