import { memo, useMemo } from 'react'
import type { PipelineDocument } from '#contract'
import { useCatalogue } from '../shell/workbench-context.ts'
import { miniGraph } from './mini-graph.ts'

interface ThumbnailProps {
  readonly document: PipelineDocument
  readonly width: number
  readonly height: number
}

/** A pipeline's graph as a small picture. */
export const Thumbnail = memo(function Thumbnail({ document, width, height }: ThumbnailProps) {
  const cards = useCatalogue((state) => state.byType)
  const graph = useMemo(() => miniGraph(document, cards, { width, height }), [document, cards, width, height])
  const tile = graph.height * 0.55
  const inset = (graph.height - tile) / 2
  return (
    <svg className="thumbnail" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {graph.wires.map((wire) => (
        <path key={wire.key} d={wire.path} stroke={`var(--port-${wire.type})`} />
      ))}
      {graph.nodes.map((node) => (
        <g key={node.id} transform={`translate(${node.x} ${node.y})`}>
          <rect className="box" width={graph.width} height={graph.height} rx={graph.height * 0.27} />
          <rect x={inset} y={inset} width={tile} height={tile} rx={tile * 0.28} fill={`var(--port-${node.type})`} />
          <path className="text" d={`M${inset * 2 + tile} ${graph.height / 2}H${graph.width - inset * 1.4}`} />
        </g>
      ))}
    </svg>
  )
})
