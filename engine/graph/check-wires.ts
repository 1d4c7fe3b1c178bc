import type { NodeCard, PipelineDocument, PipelineEdge, Problem } from '#contract'
import { portAddress } from './adjacency.ts'
import { nearest } from './nearest.ts'

type Wired = Pick<PipelineDocument, 'nodes' | 'edges'>
type Cards = ReadonlyMap<string, Pick<NodeCard, 'type' | 'title' | 'inputs' | 'outputs'>>

/** How a node is named in a sentence: its own title, else its id. */
export function nodeName(document: Pick<PipelineDocument, 'nodes'>, id: string): string {
  const title = document.nodes[id]?.title
  return title && title !== id ? `${title} (${id})` : `"${id}"`
}

export function cycleProblem(cycle: readonly string[]): Problem {
  const start = cycle.reduce((least, id, index) => (id < cycle[least]! ? index : least), 0)
  const turned = [...cycle.slice(start), ...cycle.slice(0, start)]
  return {
    code: 'graph-cycle',
    message: `The wires form a circle: ${[...turned, turned[0]].join(' → ')}. A step would have to wait for itself.`,
    node: turned[0]!,
    path: ['edges'],
    fix: 'Remove one of these wires.',
  }
}

/** The problems of all wires: unknown nodes and ports, types that differ, several wires on an input for one, none on a required one. */
export function checkWires(document: Wired, cards: Cards): Problem[] {
  return [
    ...document.edges.flatMap((edge, index) => edgeProblems(document, cards, edge, index)),
    ...takenProblems(document, cards),
    ...missingProblems(document, cards),
  ]
}

/** What is wrong with one wire, drawn or about to be drawn. */
export function edgeProblems(document: Wired, cards: Cards, edge: PipelineEdge, index: number): Problem[] {
  const from = endProblem(document, cards, edge, 'from', index)
  const to = endProblem(document, cards, edge, 'to', index)
  if (from || to) return [from, to].filter((problem) => problem !== undefined)
  const source = port(document, cards, edge, 'from')
  const target = port(document, cards, edge, 'to')
  if (!source || !target || source.type === target.type) return []
  const { node, port: name } = portAddress(edge.to)
  return [
    {
      code: 'port-type',
      message: `The wire from ${edge.from} carries ${withArticle(source.type)}, but ${edge.to} takes ${withArticle(target.type)}.`,
      node,
      path: ['inputs', name],
      fix: `Wire an output of type ${target.type} to ${edge.to}.`,
    },
  ]
}

type End = 'from' | 'to'

function portsOf(document: Wired, cards: Cards, id: string, end: End) {
  const type = Object.hasOwn(document.nodes, id) ? document.nodes[id]!.type : undefined
  const card = type === undefined ? undefined : cards.get(type)
  return end === 'from' ? card?.outputs : card?.inputs
}

function port(document: Wired, cards: Cards, edge: PipelineEdge, end: End) {
  const address = portAddress(edge[end])
  const ports = portsOf(document, cards, address.node, end)
  return ports && Object.hasOwn(ports, address.port) ? ports[address.port] : undefined
}

/** Nothing is said of the ports of an unknown node type: that the type is unknown is said already. */
function endProblem(document: Wired, cards: Cards, edge: PipelineEdge, end: End, index: number): Problem | undefined {
  const address = portAddress(edge[end])
  const wire = `The wire from ${edge.from} to ${edge.to}`
  if (!Object.hasOwn(document.nodes, address.node)) {
    const close = nearest(address.node, Object.keys(document.nodes))
    return {
      code: 'port-unknown',
      message: `${wire} ${end === 'from' ? 'starts' : 'ends'} at node "${address.node}", which the pipeline does not have.`,
      path: ['edges', index, end],
      fix: close ? `Wire it to "${close}", or remove it.` : 'Remove the wire.',
    }
  }
  const ports = portsOf(document, cards, address.node, end)
  if (!ports || Object.hasOwn(ports, address.port)) return undefined
  const names = Object.keys(ports)
  const close = nearest(address.port, names) ?? (names.length === 1 ? names[0] : undefined)
  const side = end === 'from' ? 'output' : 'input'
  return {
    code: 'port-unknown',
    message: `${wire} ${end === 'from' ? 'starts' : 'ends'} at ${side} "${address.port}", which ${nodeName(document, address.node)} does not have.`,
    node: address.node,
    path: end === 'to' ? ['inputs', address.port] : ['outputs', address.port],
    fix: portFix(address.node, close, names, side),
  }
}

function portFix(node: string, close: string | undefined, names: readonly string[], side: string): string {
  if (close) return `Use ${node}.${close}.`
  return names.length > 0
    ? `Use one of its ${side}s: ${names.join(', ')}.`
    : `Remove the wire: the node has no ${side}s.`
}

function wiresByInput(document: Wired): Map<string, PipelineEdge[]> {
  const wires = new Map<string, PipelineEdge[]>()
  for (const edge of document.edges) {
    const list = wires.get(edge.to)
    if (list) list.push(edge)
    else wires.set(edge.to, [edge])
  }
  return wires
}

function takenProblems(document: Wired, cards: Cards): Problem[] {
  return [...wiresByInput(document)].flatMap(([to, wires]): Problem[] => {
    const target = port(document, cards, wires[0]!, 'to')
    if (wires.length < 2 || !target || target.many) return []
    const { node, port: name } = portAddress(to)
    const sources = wires.map((wire) => wire.from).sort()
    return [
      {
        code: 'port-taken',
        message: `The input ${to} takes one wire, but ${wires.length} end there: from ${sources.join(', ')}.`,
        node,
        path: ['inputs', name],
        fix: 'Keep one of these wires and remove the others.',
      },
    ]
  })
}

function missingProblems(document: Wired, cards: Cards): Problem[] {
  const wired = wiresByInput(document)
  return Object.keys(document.nodes).flatMap((id) => {
    const ports = portsOf(document, cards, id, 'to') ?? {}
    return Object.entries(ports).flatMap(([name, input]): Problem[] => {
      if (input.optional || wired.has(`${id}.${name}`)) return []
      return [
        {
          code: 'port-missing',
          message: `The input "${name}" of ${nodeName(document, id)} has no wire. It needs ${withArticle(input.type)}: ${phrase(input.doc)}.`,
          node: id,
          path: ['inputs', name],
          fix: `Wire an output of type ${input.type} to ${id}.${name}.`,
        },
      ]
    })
  })
}

/** "an evaluation", "a table". */
export function withArticle(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
}

/** The first sentence of a port's doc, as the end of another sentence. */
function phrase(doc: string): string {
  const sentence = doc.trim().replace(/[.;] .*$|\.$/s, '')
  return /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence
}
