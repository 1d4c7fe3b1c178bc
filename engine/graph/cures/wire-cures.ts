import type { Cure, DocumentEdit, NodeCard, PipelineEdge, Port, Problem } from '#contract'
import { adjacency, descendants, portAddress } from '../adjacency.ts'
import { nearest } from '../nearest.ts'
import { type CureView, nodeWords } from './cure-view.ts'

const mostOffered = 3
const unwire = ({ from, to }: PipelineEdge): DocumentEdit => ({ do: 'unwire', from, to })
const wire = (from: string, to: string): DocumentEdit => ({ do: 'wire', from, to })

function cardOf(view: CureView, id: string): NodeCard | undefined {
  return view.cards.find(({ type }) => type === view.document.nodes[id]?.type)
}

function portOf(view: CureView, address: string, side: 'inputs' | 'outputs'): Port | undefined {
  const { node, port } = portAddress(address)
  const ports = cardOf(view, node)?.[side] ?? {}
  return Object.hasOwn(ports, port) ? ports[port] : undefined
}

/** "Split", or "Read file (rejected)" for an output that is not the first. */
function outputWords(view: CureView, from: string): string {
  const { node, port } = portAddress(from)
  const [first] = Object.keys(cardOf(view, node)?.outputs ?? {})
  return port === first ? nodeWords(view, node) : `${nodeWords(view, node)} (${port})`
}

/** Outputs that may feed an input: a node's first output before its others, what stands close before what stands far. */
function sourcesFor(view: CureView, to: string): readonly string[] {
  const wanted = portOf(view, to, 'inputs')?.type
  const { node } = portAddress(to)
  const behind = descendants(adjacency(view.document), [node])
  const wired = new Set(
    view.document.edges.filter((edge) => portAddress(edge.to).node === node).map(({ from }) => from),
  )
  const x = (id: string) => view.document.layout[id]?.[0] ?? 0
  const found = Object.keys(view.document.nodes).flatMap((id) => {
    if (behind.has(id)) return []
    const outputs = Object.entries(cardOf(view, id)?.outputs ?? {})
    return outputs.flatMap(([port, { type }], index) => {
      if (type !== wanted) return []
      const from = `${id}.${port}`
      const distance = Math.abs(x(node) - x(id)) + (x(id) > x(node) ? 1e6 : 0)
      return [{ from, rank: [wired.has(from) ? 1 : 0, index > 0 ? 1 : 0, distance] }]
    })
  })
  found.sort((a, b) => a.rank.map((part, at) => part - b.rank[at]!).find((part) => part !== 0) ?? 0)
  return found.map(({ from }) => from)
}

/** Another wire into an input, or a node that gives what it needs. */
function feedCures(view: CureView, to: string, before: readonly DocumentEdit[] = []): readonly Cure[] {
  const gone = new Set(before.flatMap((edit) => (edit.do === 'unwire' && edit.to === to ? [edit.from] : [])))
  const sources = sourcesFor(view, to).filter((from) => !gone.has(from))
  const wires = sources.slice(0, mostOffered).map(
    (from): Cure => ({
      label: `Wire ${outputWords(view, from)} to it`,
      edits: [...before, wire(from, to)],
    }),
  )
  return wires.length > 0 ? wires : makerCures(view, to, before)
}

/** A node of the catalogue whose own inputs can be fed by what feeds this one. */
function makerCures(view: CureView, to: string, before: readonly DocumentEdit[]): readonly Cure[] {
  const { node } = portAddress(to)
  const wanted = portOf(view, to, 'inputs')?.type
  const near = view.document.edges.filter((edge) => portAddress(edge.to).node === node)
  const sourceOf = (type: string) => near.find(({ from }) => portOf(view, from, 'outputs')?.type === type)?.from
  return view.cards
    .flatMap((card): Cure[] => {
      const [output] = Object.entries(card.outputs).find(([, { type }]) => type === wanted) ?? []
      const needed = Object.entries(card.inputs).filter(([, { optional }]) => !optional)
      const feeds = needed.map(([port, { type }]) => ({ port, from: sourceOf(type) }))
      if (output === undefined || card.effect || feeds.some(({ from }) => from === undefined)) return []
      const base = card.type.split('/')[1]!
      let id = base
      for (let number = 2; id in view.document.nodes; number++) id = `${base}-${number}`
      return [
        {
          label: `Add ${card.title} in front`,
          edits: [
            ...before,
            { do: 'add', id, node: { type: card.type, version: card.version, params: {} }, beside: node },
            ...feeds.map(({ port, from }) => wire(from!, `${id}.${port}`)),
            wire(`${id}.${output}`, to),
          ],
        },
      ]
    })
    .slice(0, mostOffered)
}

export function missingWireCures(view: CureView, { node, path }: Problem): readonly Cure[] {
  return node !== undefined && path?.[0] === 'inputs' ? feedCures(view, `${node}.${path[1]}`) : []
}

/** The port that was likely meant: close in name, else the only one of the right type. */
export function unknownPortCures(view: CureView, { node, path }: Problem): readonly Cure[] {
  const atInput = path?.[0] === 'inputs'
  const address = `${node}.${path?.[1]}`
  const edges = view.document.edges.filter((edge) => (atInput ? edge.to : edge.from) === address)
  return edges.flatMap((edge) => {
    const ports = Object.entries((node && cardOf(view, node)?.[atInput ? 'inputs' : 'outputs']) || {})
    const other = atInput ? portOf(view, edge.from, 'outputs') : portOf(view, edge.to, 'inputs')
    const isTaken = (name: string) => atInput && view.document.edges.some(({ to }) => to === `${node}.${name}`)
    const fitting = ports
      .filter(([name, { type, many }]) => type === other?.type && (many || !isTaken(name)))
      .map(([name]) => name)
    const close = nearest(String(path?.[1]), fitting) ?? fitting[0]
    const remove: Cure = { label: 'Remove this wire', edits: [unwire(edge)] }
    if (close === undefined) return [remove]
    const [from, to] = atInput ? [edge.from, `${node}.${close}`] : [`${node}.${close}`, edge.to]
    return [{ label: `Use the port “${close}”`, edits: [unwire(edge), wire(from, to)] }, remove]
  })
}

export function wrongTypeCures(view: CureView, { node, path }: Problem): readonly Cure[] {
  const to = `${node}.${path?.[1]}`
  const wanted = portOf(view, to, 'inputs')?.type
  const wrong = view.document.edges.filter(
    (edge) => edge.to === to && portOf(view, edge.from, 'outputs')?.type !== wanted,
  )
  const gone = wrong.map(unwire)
  return wrong.length === 0 ? [] : [...feedCures(view, to, gone), { label: 'Remove this wire', edits: gone }]
}

/** Keeps one wire, the one from closest by first. */
export function takenPortCures(view: CureView, { node, path }: Problem): readonly Cure[] {
  const to = `${node}.${path?.[1]}`
  const wires = view.document.edges.filter((edge) => edge.to === to)
  const x = (id: string) => view.document.layout[id]?.[0] ?? 0
  const ordered = [...wires].sort((a, b) => x(portAddress(b.from).node) - x(portAddress(a.from).node))
  return ordered.slice(0, mostOffered).map((kept) => ({
    label: `Keep the wire from ${outputWords(view, kept.from)}`,
    edits: wires.filter((edge) => edge !== kept).map(unwire),
  }))
}

/** Removes the wire of a circle that runs furthest back, and feeds its end from elsewhere where that can be. */
export function cycleCures(view: CureView, { node }: Problem): readonly Cure[] {
  const cycle = adjacency(view.document).cycles.find((ids) => node !== undefined && ids.includes(node)) ?? []
  const inside = view.document.edges.filter(({ from, to }) => {
    const at = cycle.indexOf(portAddress(from).node)
    return at >= 0 && cycle[(at + 1) % cycle.length] === portAddress(to).node
  })
  const x = (end: string) => view.document.layout[portAddress(end).node]?.[0] ?? 0
  const back = [...inside].sort((a, b) => x(b.from) - x(b.to) - (x(a.from) - x(a.to)))
  return back.slice(0, mostOffered).map((edge) => {
    const open = { ...view, document: { ...view.document, edges: view.document.edges.filter((one) => one !== edge) } }
    const [other] = sourcesFor(open, edge.to).filter((from) => from !== edge.from)
    const words = `${outputWords(view, edge.from)} to ${nodeWords(view, portAddress(edge.to).node)}`
    if (other === undefined || portOf(view, edge.to, 'inputs')?.optional)
      return { label: `Remove the wire from ${words}`, edits: [unwire(edge)] }
    return {
      label: `Wire ${outputWords(view, other)} to ${nodeWords(view, portAddress(edge.to).node)} instead`,
      edits: [unwire(edge), wire(other, edge.to)],
    }
  })
}
