import type { FinalConnectionState, IsValidConnection, OnConnect, OnConnectStart } from '@xyflow/react'
import { useCallback } from 'react'
import { drawWire } from '../commands/acts/draw-wire.ts'
import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import { fittingInput, fittingOutput, inputPort, judgeWire, nodeTitle, outputPort } from '../state/judge-wire.ts'
import type { QuickInsert } from '../state/view-store.ts'
import type { Workbench } from '../state/workbench.ts'

/** Drawing wires: ports that fit light up, refused wires say why, a wire dropped on nothing opens the quick insert. */
export function useWiring(root: React.RefObject<HTMLDivElement | null>) {
  const workbench = useWorkbench()

  const isValidConnection: IsValidConnection = useCallback(
    (wire) => {
      const { document } = workbench.documents.getState()
      const ends = { from: `${wire.source}.${wire.sourceHandle}`, to: `${wire.target}.${wire.targetHandle}` }
      return judgeWire(document, workbench.catalogue.getState().byType, ends).ok
    },
    [workbench],
  )

  const onConnect: OnConnect = useCallback(
    (wire) => {
      drawWire(workbench, { from: `${wire.source}.${wire.sourceHandle}`, to: `${wire.target}.${wire.targetHandle}` })
    },
    [workbench],
  )

  const onConnectStart: OnConnectStart = useCallback(
    (_, { nodeId, handleId, handleType }) => {
      const loose = looseEnd(workbench, `${nodeId}.${handleId}`, handleType === 'source' ? 'from' : 'to')
      root.current?.style.setProperty('--wire-colour', loose ? `var(--port-${loose.type})` : 'var(--mute)')
      if (root.current && loose)
        root.current.dataset.wants = `${loose.side === 'from' ? 'input' : 'output'}:${loose.type}`
    },
    [workbench, root],
  )

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (root.current) delete root.current.dataset.wants
      if (state.isValid || !state.fromHandle) return
      const { fromHandle, toHandle } = state
      const loose = looseEnd(
        workbench,
        `${fromHandle.nodeId}.${fromHandle.id}`,
        fromHandle.type === 'source' ? 'from' : 'to',
      )
      if (!loose) return
      if (toHandle && toHandle.nodeId !== fromHandle.nodeId)
        joinPorts(workbench, loose, `${toHandle.nodeId}.${toHandle.id}`)
      else if (!toHandle) dropWire(workbench, loose, pointOf(event))
    },
    [workbench, root],
  )
  return { isValidConnection, onConnect, onConnectStart, onConnectEnd }
}

type Loose = NonNullable<QuickInsert['loose']>

function looseEnd({ documents, catalogue }: Workbench, address: string, side: Loose['side']): Loose | undefined {
  const port = (side === 'from' ? outputPort : inputPort)(
    documents.getState().document,
    catalogue.getState().byType,
    address,
  )
  return port && { address, side, type: port.type }
}

function joinPorts(workbench: Workbench, loose: Loose, other: string) {
  drawWire(workbench, loose.side === 'from' ? { from: loose.address, to: other } : { from: other, to: loose.address })
}

/** On a card: its first port that fits. On nothing: the quick insert. */
function dropWire(workbench: Workbench, loose: Loose, screen: readonly [number, number]) {
  const { documents, catalogue, notices, view, canvas } = workbench
  const node = document.elementFromPoint(...screen)?.closest<HTMLElement>('[data-node]')?.dataset.node
  if (node === undefined) {
    const flow = canvas.current?.toFlow(screen) ?? [0, 0]
    return view.set({ quickInsert: { screen, flow: [flow[0], flow[1] - 30], loose } })
  }
  const state = documents.getState().document
  const { byType } = catalogue.getState()
  const port = (loose.side === 'from' ? fittingInput : fittingOutput)(state, byType, loose.address, node)
  if (port) joinPorts(workbench, loose, port)
  else if (!loose.address.startsWith(`${node}.`))
    notices.say(messages.wires.noFit(nodeTitle(state, byType, node), messages.portTypes[loose.type]), { tone: 'bad' })
}

function pointOf(event: MouseEvent | TouchEvent): readonly [number, number] {
  const point = 'changedTouches' in event ? event.changedTouches[0]! : event
  return [point.clientX, point.clientY]
}
