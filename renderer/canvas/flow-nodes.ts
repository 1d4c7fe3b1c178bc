import { type Node, type NodeHandle, Position } from '@xyflow/react'
import type { NodeCard, PipelineDocument } from '#contract'
import { placeOf } from '../state/edits/move-nodes.ts'
import type { Cards } from '../state/judge-wire.ts'
import { cardWidth, portSize, portY } from './port-place.ts'

export type FlowNode = Node<Record<string, never>, 'step' | 'frame' | 'note'>

const noData: Record<string, never> = {}
const noHandles: NodeHandle[] = []
const handles = new WeakMap<NodeCard, NodeHandle[]>()

/** React Flow's nodes of a document; those that did not change stay the same objects, so that they are not drawn again. */
export function flowNodes(
  document: PipelineDocument,
  selection: ReadonlySet<string>,
  old: readonly FlowNode[],
  cards: Cards,
): FlowNode[] {
  const known = new Map(old.map((node) => [node.id, node]))
  const keep = (id: string, [x, y]: readonly [number, number], fresh: () => FlowNode, same = true): FlowNode => {
    const before = known.get(id)
    const selected = selection.has(id)
    if (!before || !same) return { ...before, ...fresh(), position: { x, y }, selected }
    const still = before.position.x === x && before.position.y === y
    if (still && before.selected === selected) return before
    return { ...before, selected, position: still ? before.position : { x, y } }
  }
  const frames = document.frames.map((frame, index): FlowNode => {
    const id = `frame:${index}`
    const before = known.get(id)
    const same = before?.width === frame.width && before.height === frame.height
    return keep(id, [frame.x, frame.y], () => frameNode(id, frame.width, frame.height), same)
  })
  const steps = Object.entries(document.nodes).map(([id, { type }]) => {
    const ports = handlesOf(cards.get(type))
    return keep(id, placeOf(document, id), () => stepNode(id, ports), known.get(id)?.handles === ports)
  })
  const notes = document.notes.map((note, index) => keep(`note:${index}`, [note.x, note.y], () => noteNode(index)))
  return [...frames, ...steps, ...notes]
}

const origin = { x: 0, y: 0 }

function stepNode(id: string, ports: NodeHandle[]): FlowNode {
  return { id, type: 'step', position: origin, data: noData, handles: ports }
}

/** Where a card's ports stand, so that cards out of sight need not be drawn to learn it. */
function handlesOf(card: NodeCard | undefined): NodeHandle[] {
  if (!card) return noHandles
  const known = handles.get(card) ?? [
    ...Object.keys(card.inputs).map((id, index) => portHandle(id, index, 'target')),
    ...Object.keys(card.outputs).map((id, index) => portHandle(id, index, 'source')),
  ]
  handles.set(card, known)
  return known
}

function portHandle(id: string, index: number, type: NodeHandle['type']): NodeHandle {
  const left = type === 'target'
  return {
    id,
    type,
    position: left ? Position.Left : Position.Right,
    x: (left ? 0 : cardWidth) - portSize / 2,
    y: portY(index) - portSize / 2,
    width: portSize,
    height: portSize,
  }
}

function noteNode(index: number): FlowNode {
  return { id: `note:${index}`, type: 'note', position: origin, data: noData }
}
function frameNode(id: string, width: number, height: number): FlowNode {
  return {
    id,
    type: 'frame',
    position: origin,
    data: noData,
    width,
    height,
    zIndex: -1,
    dragHandle: '.frame-title',
    style: { pointerEvents: 'none' },
  }
}

/** Ids of the nodes and notes that lie wholly inside a frame. */
export function insideFrame(nodes: readonly FlowNode[], frame: FlowNode): readonly FlowNode[] {
  const right = frame.position.x + (frame.width ?? 0)
  const bottom = frame.position.y + (frame.height ?? 0)
  return nodes.filter(({ type, position, measured }) => {
    if (type === 'frame') return false
    const [width, height] = [measured?.width ?? 198, measured?.height ?? 80]
    return (
      position.x >= frame.position.x &&
      position.y >= frame.position.y &&
      position.x + width <= right &&
      position.y + height <= bottom
    )
  })
}
