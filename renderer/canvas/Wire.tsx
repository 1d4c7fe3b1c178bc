import { BaseEdge, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowWire } from './flow-nodes.ts'
import { useNodeFace } from './use-node-face.ts'

/** A wire in its type's colour; dashed where what it carries is old or never came. */
export const Wire = memo(function Wire(props: EdgeProps<FlowWire>) {
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected, target } = props
  const { state } = useNodeFace(target)
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition })
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
