import type { PipelineDocument } from '#contract'
import type { Position } from './add-node.ts'

/** Nodes at new places, in whole pixels. */
export function moveNodes(document: PipelineDocument, places: Readonly<Record<string, Position>>): PipelineDocument {
  const layout = { ...document.layout }
  for (const [id, [x, y]] of Object.entries(places))
    if (Object.hasOwn(document.nodes, id)) layout[id] = [Math.round(x), Math.round(y)]
  return { ...document, layout }
}

/** Where a node stands; nodes without a place line up below the others. */
export function placeOf(document: PipelineDocument, id: string): Position {
  const place = document.layout[id]
  if (place) return place
  const unplaced = Object.keys(document.nodes).filter((other) => !document.layout[other])
  const floor = Math.max(0, ...Object.values(document.layout).map(([, y]) => y + 160))
  const index = unplaced.indexOf(id)
  return [(index % 5) * 240, floor + Math.floor(index / 5) * 140]
}
