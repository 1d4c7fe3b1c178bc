import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react'

/** Wires begin and end in the middle of a port, not at the edge of the area that takes the pointer. */
const halfPort = 10

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
