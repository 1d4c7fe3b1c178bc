import type { PipelineDocument } from '#contract'
import type { Position } from './add-node.ts'
import { moveNodes, placeOf } from './move-nodes.ts'

export type Alignment = 'left' | 'top' | 'across' | 'down'

interface Size {
  readonly width: number
  readonly height: number
}

/** Nodes on one edge, or with equal gaps between the outermost two, which stay. */
export function alignNodes(
  document: PipelineDocument,
  ids: readonly string[],
  how: Alignment,
  sizeOf: (id: string) => Size,
): PipelineDocument {
  const placed = ids.map((id) => ({ id, place: placeOf(document, id), size: sizeOf(id) }))
  const axis = how === 'left' || how === 'across' ? 0 : 1
  if (how === 'left' || how === 'top') {
    const edge = Math.min(...placed.map(({ place }) => place[axis]))
    return moveNodes(document, Object.fromEntries(placed.map(({ id, place }) => [id, at(place, axis, edge)])))
  }
  const length = ({ size }: (typeof placed)[number]) => (axis === 0 ? size.width : size.height)
  const ordered = placed.sort((a, b) => a.place[axis] - b.place[axis])
  const [first, last] = [ordered[0], ordered.at(-1)]
  if (!first || !last || ordered.length < 3) return document
  const between = last.place[axis] - first.place[axis] - ordered.slice(0, -1).reduce((sum, one) => sum + length(one), 0)
  const gap = between / (ordered.length - 1)
  let edge = first.place[axis]
  const places = ordered.map((one) => {
    const place = at(one.place, axis, edge)
    edge += length(one) + gap
    return [one.id, place] as const
  })
  return moveNodes(document, Object.fromEntries(places))
}

const at = ([x, y]: Position, axis: 0 | 1, value: number): Position => (axis === 0 ? [value, y] : [x, value])
