import type { Node } from '@xyflow/react'
import type { PipelineDocument } from '#contract'
import { placeOf } from '../state/edits/move-nodes.ts'

export type FlowNode = Node<Record<string, never>, 'step' | 'frame' | 'note'>

const noData: Record<string, never> = {}

/** React Flow's nodes of a document; those that did not change stay the same objects, so that they are not drawn again. */
export function flowNodes(
  document: PipelineDocument,
  selection: ReadonlySet<string>,
  old: readonly FlowNode[],
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
  const steps = Object.keys(document.nodes).map((id) => keep(id, placeOf(document, id), () => stepNode(id)))
  const notes = document.notes.map((note, index) => keep(`note:${index}`, [note.x, note.y], () => noteNode(index)))
  return [...frames, ...steps, ...notes]
}

const origin = { x: 0, y: 0 }

function stepNode(id: string): FlowNode {
  return { id, type: 'step', position: origin, data: noData }
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
