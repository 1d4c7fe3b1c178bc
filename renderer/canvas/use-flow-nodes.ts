import { applyNodeChanges, type NodeChange, type OnNodeDrag } from '@xyflow/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PipelineDocument } from '#contract'
import { spliceInto } from '../commands/acts/insert-between.ts'
import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import type { Position } from '../state/edits/add-node.ts'
import { moveNodes } from '../state/edits/move-nodes.ts'
import { isLoose } from '../state/edits/splice-node.ts'
import { dropTarget } from './drop-target.ts'
import { type FlowNode, flowNodes, insideFrame } from './flow-nodes.ts'
import { cardWidth, usualHeight } from './port-place.ts'

/**
 * The nodes React Flow draws: the document's, with places and sizes of a drag that is under way. From `afar` cards are taken
 * to have the usual size, so that only those in sight are drawn, and those but once.
 */
export function useFlowNodes(root: React.RefObject<HTMLDivElement | null>, afar: boolean) {
  const { documents, view, catalogue } = useWorkbench()
  const drawn = useCallback(
    (old: readonly FlowNode[]) =>
      flowNodes(documents.getState().document, view.getState().selection, old, catalogue.getState().byType),
    [documents, view, catalogue],
  )
  const [nodes, setNodes] = useState<FlowNode[]>(() => (afar ? drawn([]).map(ofUsualSize) : drawn([])))
  useEffect(() => {
    const refresh = () => setNodes(drawn)
    const stopDocuments = documents.subscribe((now, before) => now.document !== before.document && refresh())
    const stopView = view.subscribe((now, before) => now.selection !== before.selection && refresh())
    const stopCatalogue = catalogue.subscribe(refresh)
    refresh()
    return () => {
      stopDocuments()
      stopView()
      stopCatalogue()
    }
  }, [documents, view, catalogue, drawn])

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const selects = changes.filter((change) => change.type === 'select')
      if (selects.length > 0) {
        const selection = new Set(view.getState().selection)
        for (const change of selects) change.selected ? selection.add(change.id) : selection.delete(change.id)
        view.select(selection)
      }
      const others = changes.filter((change) => change.type === 'position' || change.type === 'dimensions')
      if (others.length > 0) setNodes((old) => applyNodeChanges(others, old))
    },
    [view],
  )
  return { nodes, onNodesChange, ...useDrag(nodes, setNodes, root) }
}

const ofUsualSize = (node: FlowNode): FlowNode =>
  node.type === 'step' ? { ...node, measured: { width: cardWidth, height: usualHeight } } : node

interface Carried {
  readonly frame: Position
  readonly inside: readonly (readonly [id: string, x: number, y: number])[]
}

/** One edit a drag; a frame takes along what lies in it. */
function useDrag(
  nodes: FlowNode[],
  setNodes: (change: (old: FlowNode[]) => FlowNode[]) => void,
  root: React.RefObject<HTMLDivElement | null>,
) {
  const workbench = useWorkbench()
  const { documents } = workbench
  const carried = useRef<Carried | null>(null)
  const latest = useRef(nodes)
  latest.current = nodes

  const onNodeDragStart: OnNodeDrag<FlowNode> = useCallback(
    (_, node) => {
      root.current?.setAttribute('data-dragging', '')
      const start = latest.current.find((other) => other.id === node.id) ?? node
      const inside = node.type === 'frame' ? insideFrame(latest.current, start) : []
      carried.current = {
        frame: [start.position.x, start.position.y],
        inside: inside.map(({ id, position }) => [id, position.x, position.y]),
      }
    },
    [root],
  )

  const onNodeDrag: OnNodeDrag<FlowNode> = useCallback(
    (_, node) => {
      if (node.type !== 'frame' || !carried.current) return
      const { frame, inside } = carried.current
      const [dx, dy] = [node.position.x - frame[0], node.position.y - frame[1]]
      const places = new Map(inside.map(([id, x, y]) => [id, { x: x + dx, y: y + dy }]))
      setNodes((old) =>
        old.map((other) => {
          const position = places.get(other.id)
          return position ? { ...other, position } : other
        }),
      )
    },
    [setNodes],
  )

  const onNodeDragStop: OnNodeDrag<FlowNode> = useCallback(
    (event, node, dragged) => {
      root.current?.removeAttribute('data-dragging')
      const moved = new Map(dragged.map((other) => [other.id, other.position]))
      if (node.type === 'frame' && carried.current) {
        const { frame, inside } = carried.current
        for (const [id, x, y] of inside)
          moved.set(id, { x: x + node.position.x - frame[0], y: y + node.position.y - frame[1] })
      }
      documents.edit(messages.edits.move, (document) => moveAll(document, moved))
      if (dragged.length !== 1 || !isLoose(documents.getState().document, node.id)) return
      const point = 'changedTouches' in event ? event.changedTouches[0]! : event
      const { wire } = dropTarget([point.clientX, point.clientY], node.id)
      if (wire) spliceInto(workbench, node.id, wire)
    },
    [workbench, documents, root],
  )
  return { onNodeDragStart, onNodeDrag, onNodeDragStop }
}

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>

/** The same document when nothing moved by a whole pixel. */
function moveAll(document: PipelineDocument, places: Places): PipelineDocument {
  const steps = [...places].filter(([id, { x, y }]) => {
    const old = document.layout[id]
    return Object.hasOwn(document.nodes, id) && (old?.[0] !== Math.round(x) || old?.[1] !== Math.round(y))
  })
  const moved = moveNodes(document, Object.fromEntries(steps.map(([id, { x, y }]) => [id, [x, y] as const])))
  const at = <T extends { x: number; y: number }>(item: T, id: string): T => {
    const place = places.get(id)
    return place ? { ...item, x: Math.round(place.x), y: Math.round(place.y) } : item
  }
  const frames = document.frames.map((frame, index) => at(frame, `frame:${index}`))
  const notes = document.notes.map((note, index) => at(note, `note:${index}`))
  const same = (a: readonly { x: number; y: number }[], b: typeof a) =>
    a.every((item, index) => item.x === b[index]?.x && item.y === b[index]?.y)
  if (steps.length === 0 && same(frames, document.frames) && same(notes, document.notes)) return document
  return { ...moved, frames, notes }
}
