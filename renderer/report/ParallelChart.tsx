import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { lineWords, parallelAxis, threadLook, threadPath } from '#report/parallel-chart'
import { type ParallelChart as Chart, parallelLayout } from '#report/parallel-layout'
import { type Brushes, brushedBy, isWithin } from './brushed-lines.ts'
import { useWidth } from './use-width.ts'

interface ParallelChartProps {
  readonly chart: Chart
  readonly title: string
}

interface Drag {
  readonly axis: number
  readonly from: number
}

/** Parallel coordinates to explore: drag along an axis to keep only the lines that pass there, click it to let go. */
export function ParallelChart({ chart, title }: ParallelChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place, 900)
  const [brushes, setBrushes] = useState<Brushes>({})
  const [drag, setDrag] = useState<Drag | null>(null)
  const layout = useMemo(() => parallelLayout(chart, width, 520), [chart, width])
  const { axes, top, bottom, height } = layout
  const lines = useMemo(() => chart.lines.toSorted((a, b) => a.strength - b.strength), [chart])
  const kept = lines.filter((line) => isWithin(line, axes, brushes))
  const shown = new Set(kept)
  const heightOf = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.ownerSVGElement!.getBoundingClientRect()
    return Math.min(bottom, Math.max(top, ((event.clientY - box.top) / box.height) * height))
  }
  return (
    <div ref={place} className="report-parallel">
      <p className="mute" aria-live="polite">
        {Object.keys(brushes).length === 0
          ? 'Drag along an axis to keep the lines that pass there.'
          : `${kept.length} of ${lines.length} pass. Click a marked axis to let go.`}
      </p>
      <svg
        className="b-plot"
        role="img"
        aria-label={title}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {lines.map((line) => {
          const look = threadLook(line.strength)
          return (
            <path
              key={line.label}
              d={threadPath(axes, line.values)}
              className={`b-thread ${line.strength >= 1 ? 'ok' : 'run'}`}
              strokeOpacity={shown.has(line) ? look.opacity : 0.04}
              strokeWidth={look.width}
            >
              <title>{lineWords(chart, line)}</title>
            </path>
          )
        })}
        {axes.map((axis, at) => (
          <g key={axis.x}>
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
            <g dangerouslySetInnerHTML={{ __html: parallelAxis(axis, top, bottom) }} />
            {brushes[at] && (
              <rect
                className="report-brush"
                x={axis.x - 7}
                y={brushes[at][0]}
                width={14}
                height={brushes[at][1] - brushes[at][0]}
              />
            )}
            <rect
              className="report-brush-area"
              x={axis.x - 12}
              y={top}
              width={24}
              height={bottom - top}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                setDrag({ axis: at, from: heightOf(event) })
              }}
              onPointerMove={(event) => {
                if (drag?.axis === at) setBrushes(brushedBy(brushes, at, drag.from, heightOf(event)))
              }}
              onPointerUp={(event) => {
                if (drag?.axis === at) setBrushes(brushedBy(brushes, at, drag.from, heightOf(event)))
                setDrag(null)
              }}
            />
          </g>
        ))}
      </svg>
    </div>
  )
}
