import type { PipelineDocument, PipelineEdge } from '#contract'
import { sortedEdges } from '#graph/adjacency'

/** Draws a wire; the ones it replaces go. One that is there already keeps its assertions. */
export function connect(
  document: PipelineDocument,
  wire: PipelineEdge,
  replaces: readonly PipelineEdge[] = [],
): PipelineDocument {
  const kept = document.edges.filter((edge) => !replaces.some((old) => sameWire(old, edge)) && !sameWire(edge, wire))
  const old = document.edges.find((edge) => sameWire(edge, wire))
  const assertions = wire.assertions ?? old?.assertions
  return {
    ...document,
    edges: sortedEdges([...kept, { from: wire.from, to: wire.to, ...(assertions && { assertions }) }]),
  }
}

export function disconnect(document: PipelineDocument, wires: readonly PipelineEdge[]): PipelineDocument {
  return { ...document, edges: document.edges.filter((edge) => !wires.some((wire) => sameWire(wire, edge))) }
}

export function sameWire(a: PipelineEdge, b: PipelineEdge): boolean {
  return a.from === b.from && a.to === b.to
}

/** The id a wire has on the canvas and in the selection. */
export function wireId(wire: PipelineEdge): string {
  return `${wire.from}→${wire.to}`
}

export function wireOfId(id: string): PipelineEdge {
  const [from = '', to = ''] = id.split('→')
  return { from, to }
}
