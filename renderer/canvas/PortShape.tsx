import { memo } from 'react'
import type { PortType } from '#contract'

const polygons: Partial<Record<PortType, readonly (readonly [number, number])[]>> = {
  table: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  schema: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  model: [
    [-0.6, -1.05],
    [0.6, -1.05],
    [1.2, 0],
    [0.6, 1.05],
    [-0.6, 1.05],
    [-1.2, 0],
  ],
  explanation: [
    [0, -1.15],
    [1.2, 0.95],
    [-1.2, 0.95],
  ],
  report: [
    [-1.35, -0.65],
    [1.35, -0.65],
    [1.35, 0.65],
    [-1.35, 0.65],
  ],
  release: [
    [-1, -1],
    [0.2, -1],
    [1.25, 0],
    [0.2, 1],
    [-1, 1],
  ],
}

/** The shape of a port type around 0 0, `half` its half size. */
function outline(type: PortType, half: number): string {
  const points = polygons[type]
  return points ? `M${points.map(([x, y]) => `${x * half} ${y * half}`).join('L')}Z` : ''
}

/** A port type's own shape in its own colour; ringed by the ground colour where it sits on an edge. */
export const PortShape = memo(function PortShape({ type, ringed = false }: { type: PortType; ringed?: boolean }) {
  const fill = `var(--port-${type})`
  const ring = 'var(--bg)'
  if (type === 'monitor')
    return (
      <svg className="port-shape" width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
        {ringed && <circle r="8.6" fill={ring} />}
        <circle r="4.4" fill="none" stroke={fill} strokeWidth="3" />
      </svg>
    )
  const round = type === 'evaluation'
  return (
    <svg className="port-shape" width="14" height="14" viewBox="-9 -9 18 18" aria-hidden="true">
      {ringed && (round ? <circle r="8.6" fill={ring} /> : <path d={outline(type, 8.2)} fill={ring} />)}
      {round ? <circle r="5.9" fill={fill} /> : <path d={outline(type, 5.6)} fill={fill} />}
    </svg>
  )
})
