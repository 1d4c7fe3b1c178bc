import type { NodeCard, PipelineDocument, PipelineEdge, Port } from '#contract'
import { portAddress, sortedEdges } from '#graph/adjacency'
import type { Cards } from '../judge-wire.ts'

/**
 * Another node type in the place of a node: its wires go to ports of the same name and type, else to free ones of the
 * same type; parameters that the new type has too keep their values.
 */
export function replaceNode(document: PipelineDocument, cards: Cards, node: string, card: NodeCard): PipelineDocument {
  const old = document.nodes[node]
  if (!old) return document
  const before = cards.get(old.type)
  const known = new Set(Object.keys((card.params as { properties?: object }).properties ?? {}))
  const params = Object.fromEntries(Object.entries(old.params).filter(([name]) => known.has(name)))
  const taken = new Set<string>()
  const moved = (wire: PipelineEdge): PipelineEdge[] => {
    const [from, to] = [portAddress(wire.from), portAddress(wire.to)]
    if (from.node !== node && to.node !== node) return [wire]
    const side = to.node === node ? 'inputs' : 'outputs'
    const port = side === 'inputs' ? to.port : from.port
    const next = samePort(before?.[side][port], port, card[side], side === 'inputs' ? taken : new Set())
    if (next === undefined) return []
    if (side === 'inputs') taken.add(next)
    return [side === 'inputs' ? { ...wire, to: `${node}.${next}` } : { ...wire, from: `${node}.${next}` }]
  }
  return {
    ...document,
    nodes: {
      ...document.nodes,
      [node]: {
        type: card.type,
        version: card.version,
        params,
        ...(old.title === undefined ? {} : { title: old.title }),
      },
    },
    edges: sortedEdges(document.edges.flatMap(moved)),
    inputs: Object.fromEntries(
      Object.entries(document.inputs).filter(([, path]) => {
        const { node: of, port: param } = portAddress(path)
        return of !== node || known.has(param)
      }),
    ),
  }
}

function samePort(
  old: Port | undefined,
  name: string,
  ports: NodeCard['inputs'],
  taken: ReadonlySet<string>,
): string | undefined {
  const fits = (candidate: string) =>
    ports[candidate]?.type === old?.type && (ports[candidate]?.many === true || !taken.has(candidate))
  if (!old) return undefined
  if (name in ports && fits(name)) return name
  return Object.keys(ports).find(fits)
}
