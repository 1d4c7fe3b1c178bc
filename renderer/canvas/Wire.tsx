import { BaseEdge, type ConnectionLineComponentProps, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowWire } from './flow-nodes.ts'
import { useNodeFace } from './use-node-face.ts'
import { wirePath } from './wire-path.ts'

/** Wires begin and end in the middle of a port, not at the edge of the area that takes the pointer. */
const halfPort = 10

/** A wire in its type's colour; dashed where what it carries is old or never came. */
export const Wire = memo(function Wire(props: EdgeProps<FlowWire>) {
  const { id, sourceX, sourceY, targetX, targetY, data, selected, target } = props
  const { state } = useNodeFace(target)
  const path = wirePath(sourceX - halfPort, sourceY, targetX + halfPort, targetY)
  const dashed = state === 'stale' || state === 'cancelled' || state === 'skipped'
  return (
    <BaseEdge
      id={id}
      path={path}
      interactionWidth={16}
      className="wire"
      style={{
        stroke: `var(--port-${data?.type ?? 'table'})`,
        strokeWidth: selected ? 3 : 2,
        ...(dashed ? { strokeDasharray: '5 5' } : {}),
      }}
    />
  )
})

/** The wire under the pointer, in the colour of the port it comes from. */
export function LooseWire({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  fromHandle,
}: ConnectionLineComponentProps) {
  const out = fromHandle.type === 'source'
  const [path] = getBezierPath({
    sourceX: out ? fromX - halfPort : fromX + halfPort,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
  })
  return (
    <g className="loose-wire">
      <path d={path} />
      <circle cx={toX} cy={toY} r="9" />
    </g>
  )
}
