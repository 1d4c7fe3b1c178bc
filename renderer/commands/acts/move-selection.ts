import { messages } from '../../shell/messages.ts'
import type { Position } from '../../state/edits/add-node.ts'
import { moveNodes, placeOf } from '../../state/edits/move-nodes.ts'
import type { Workbench } from '../../state/workbench.ts'
import { selectedNode, selectedNodes } from './selected.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

const steps: Readonly<Record<Direction, Position>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }
const gridPixels = 22

/** Moves the selected nodes one grid step; steps that follow each other are one edit. */
export function nudgeSelection(workbench: Workbench, direction: Direction): void {
  const { documents } = workbench
  const ids = selectedNodes(workbench)
  const [dx, dy] = steps[direction]
  documents.edit(
    messages.edits.move,
    (document) => {
      const places = [...ids].map((id) => {
        const [x, y] = placeOf(document, id)
        return [id, [x + dx * gridPixels, y + dy * gridPixels]] as const
      })
      return moveNodes(document, Object.fromEntries(places))
    },
    `move:${[...ids].join()}`,
  )
}

/** Selects the nearest node in a direction; with nothing selected, the first one. */
export function selectNeighbour(workbench: Workbench, direction: Direction): void {
  const { documents, view, canvas } = workbench
  const { document } = documents.getState()
  const from = selectedNode(workbench)
  const next = from === null ? topLeft(document) : neighbour(document, from, direction)
  if (next === undefined) return
  view.select([next])
  canvas.current?.reveal(next)
  canvas.current?.focus(next)
}

type Document = Parameters<typeof placeOf>[0]

function topLeft(document: Document): string | undefined {
  const ids = Object.keys(document.nodes)
  const weight = (id: string) => placeOf(document, id)[0] + placeOf(document, id)[1]
  return ids.sort((a, b) => weight(a) - weight(b))[0]
}

/** Nearest in the direction, where distance across it counts double. */
export function neighbour(document: Document, from: string, direction: Direction): string | undefined {
  const [dx, dy] = steps[direction]
  const [x, y] = placeOf(document, from)
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const id of Object.keys(document.nodes)) {
    const [u, v] = placeOf(document, id)
    const along = (u - x) * dx + (v - y) * dy
    const across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx)
    const distance = along + 2 * across
    if (id !== from && along > 0 && distance < least) {
      best = id
      least = distance
    }
  }
  return best
}
