import type { PipelineDocument, PipelineEdge, PortType } from '#contract'
import { portAddress } from '#graph/adjacency'
import { messages } from '../shell/messages.ts'
import { wireId } from '../state/edits/connect.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { type Cards, inputPort, nodeTitle, outputPort } from '../state/judge-wire.ts'
import type { FlowNode } from './flow-nodes.ts'
import { portIndex } from './ghost-ports.ts'
import { cardWidth, portY } from './port-place.ts'

/** What of a wire does not change while cards are moved. */
export interface WireLine {
  readonly id: string
  readonly source: string
  readonly target: string
  /** From the upper right corner of the source, and the upper left one of the target. */
  readonly sourceY: number
  readonly targetY: number
  readonly type: PortType
  readonly label: string
  /** The wire itself, where something is asserted of it. */
  readonly asserted?: PipelineEdge
}

export function wireLines(document: PipelineDocument, cards: Cards): readonly WireLine[] {
  return document.edges.map((edge) => {
    const [from, to] = [portAddress(edge.from), portAddress(edge.to)]
    const card = (node: string) => cards.get(document.nodes[node]?.type ?? '')
    return {
      id: wireId(edge),
      source: from.node,
      target: to.node,
      sourceY: portY(portIndex(document.edges, from.node, from.port, 'output', card(from.node))),
      targetY: portY(portIndex(document.edges, to.node, to.port, 'input', card(to.node))),
      type: (outputPort(document, cards, edge.from) ?? inputPort(document, cards, edge.to))?.type ?? 'table',
      label: messages.wires.label(nodeTitle(document, cards, from.node), nodeTitle(document, cards, to.node)),
      ...(edge.assertions && { asserted: edge }),
    }
  })
}

export interface CardPlace {
  readonly x: number
  readonly y: number
  readonly right: number
}

export type Places = ReadonlyMap<string, CardPlace>

/** Where cards stand now, those under way in a drag included; the same objects as `before` for those that did not move. */
export function cardPlaces(document: PipelineDocument, nodes: readonly FlowNode[], before?: Places): Places {
  const places = new Map<string, CardPlace>()
  const add = (id: string, x: number, y: number, right: number) => {
    const old = before?.get(id)
    places.set(id, old && old.x === x && old.y === y && old.right === right ? old : { x, y, right })
  }
  for (const { id, type, position, measured } of nodes)
    if (type === 'step') add(id, position.x, position.y, position.x + (measured?.width ?? cardWidth))
  for (const id of Object.keys(document.nodes))
    if (!places.has(id)) {
      const [x, y] = placeOf(document, id)
      add(id, x, y, x + cardWidth)
    }
  return places
}

/** Whether no wire of `lines` ends at a card that moved. */
export function samePlaces(lines: readonly WireLine[], before: Places, now: Places): boolean {
  if (before === now) return true
  const still = (id: string) => before.get(id) === now.get(id)
  return lines.every(({ source, target }) => still(source) && still(target))
}
