import './report.css'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { lineWords, parallelAxis, threadLook, threadPath } from '#report/parallel-chart'
import { type ParallelChart as Chart, parallelLayout } from '#report/parallel-layout'
import { adoptBlockStyle } from './adopt-block-style.ts'
import { axisStops, type Brushes, brushedBy, brushedByKey, isWithin, markedStops } from './brushed-lines.ts'
import { reportMessages as words } from './report-messages.ts'
import { useWidth } from './use-width.ts'

adoptBlockStyle()

interface ParallelChartProps {
  readonly chart: Chart
  readonly title: string
  /** Of upright axes; 520 unless told. */
  readonly height?: number
  /** The label of the line that stands out. */
  readonly picked?: string
  readonly pick?: (label: string) => void
  /** Hears which lines pass the marks, by their labels; null when all do. */
  readonly keep?: (labels: ReadonlySet<string> | null) => void
}

interface Drag {
  readonly axis: number
  readonly from: number
}

/**
 * Parallel coordinates to explore: drag along an axis to keep only the lines that pass there, click it to let go; or go to
 * it by Tab and move the ends of what is kept with the arrows.
 */
export function ParallelChart({ chart, title, height: tall = 520, picked, pick, keep }: ParallelChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place, 900)
  const [brushes, setBrushes] = useState<Brushes>({})
  const [drag, setDrag] = useState<Drag | null>(null)
  const layout = useMemo(() => parallelLayout(chart, width, tall), [chart, width, tall])
  const { axes, ends, height, upright } = layout
  const lines = useMemo(() => chart.lines.toSorted((a, b) => a.strength - b.strength), [chart])
  const kept = lines.filter((line) => isWithin(line, axes, brushes))
  const shown = new Set(kept)
  const passing = Object.keys(brushes).length === 0 ? null : JSON.stringify(kept.map(({ label }) => label))
  useEffect(() => keep?.(passing === null ? null : new Set(JSON.parse(passing) as string[])), [passing, keep])
  const [least, most] = [Math.min(...ends), Math.max(...ends)]
  /** The pointer's place along an axis; close to an end it is the end, which is hard to hit. */
  const along = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.ownerSVGElement!.getBoundingClientRect()
    const [share, size] = upright
      ? [(event.clientY - box.top) / box.height, height]
      : [(event.clientX - box.left) / box.width, width]
    const found = share * size
    return found < least + 5 ? least : found > most - 5 ? most : found
  }
  const stops = useMemo(() => axes.map((_, n) => axisStops(chart, axes, n, ends[0])), [chart, axes, ends])
  /** What is kept on an axis, for who listens: by the place of its upper end among the values. */
  const held = (n: number) => {
    const [from, to] = markedStops(stops[n]!, brushes[n])
    const [first, last] = [stops[n]![from], stops[n]![to]]
    const text = first && last ? words.kept(first.words, last.words) : words.noValues
    return {
      at: Math.max(0, to),
      most: Math.max(0, stops[n]!.length - 1),
      text,
    }
  }
  const onKeyDown = (event: KeyboardEvent, n: number) => {
    const next = brushedByKey(brushes, n, stops[n]!, event)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    setBrushes(next)
  }
  /** A strip of an axis. */
  const strip = (at: number, from: number, to: number, half: number) =>
    upright
      ? { x: at - half, y: from, width: 2 * half, height: to - from }
      : { x: from, y: at - half, width: to - from, height: 2 * half }
  return (
    <div ref={place} className="report-parallel">
      <p className="mute" aria-live="polite">
        {Object.keys(brushes).length === 0 ? words.brush : words.passing(kept.length, lines.length)}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a picture whose axes are worked on */}
      <svg
        className="b-plot"
        role="group"
        aria-label={title}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {lines.map((line) => {
          const look = threadLook(line.strength)
          const stands = line.label === picked
          return (
            <path
              key={line.label}
              d={threadPath(layout, line.values)}
              className={`b-thread ${line.strength >= 1 ? 'ok' : 'run'}`}
              strokeOpacity={stands ? 1 : shown.has(line) ? look.opacity : 0.04}
              strokeWidth={stands ? 3.5 : look.width}
              {...(pick && { onClick: () => pick(line.label), cursor: 'pointer' })}
            >
              <title>{lineWords(chart, line)}</title>
            </path>
          )
        })}
        {axes.map((axis, n) => (
          <g key={axis.at}>
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: engine/report escapes every text */}
            <g dangerouslySetInnerHTML={{ __html: parallelAxis(layout, axis) }} />
            {brushes[n] && <rect className="report-brush" {...strip(axis.at, brushes[n][0], brushes[n][1], 7)} />}
            <rect
              className="report-brush-area"
              {...strip(axis.at, least, most, 12)}
              rx={4}
              role="slider"
              tabIndex={0}
              aria-label={words.keepOn(axis.title)}
              aria-orientation={upright ? 'vertical' : 'horizontal'}
              aria-valuemin={0}
              aria-valuemax={held(n).most}
              aria-valuenow={held(n).at}
              aria-valuetext={held(n).text}
              onKeyDown={(event) => onKeyDown(event, n)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                setDrag({ axis: n, from: along(event) })
              }}
              onPointerMove={(event) => {
                if (drag?.axis === n) setBrushes(brushedBy(brushes, n, drag.from, along(event)))
              }}
              onPointerUp={(event) => {
                if (drag?.axis === n) setBrushes(brushedBy(brushes, n, drag.from, along(event)))
                setDrag(null)
              }}
            />
          </g>
        ))}
      </svg>
    </div>
  )
}
