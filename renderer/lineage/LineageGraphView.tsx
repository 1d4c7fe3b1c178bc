import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { LineageGraph } from '#contract'
import { fitText } from '#report/svg'
import { kindWords } from './kind-words.ts'
import { arrowKey, boxHeight, boxWidth, type LineageLayout, layeredLayout, type Point } from './layered-layout.ts'
import { lineageMessages as words } from './lineage-messages.ts'
import { relatedTo, stepTo } from './neighbours.ts'

interface LineageGraphViewProps {
  readonly graph: LineageGraph
  readonly selected: string | undefined
  onSelect(id: string): void
}

/** A smooth way down from one box to the next row's, through the lanes kept free for it. */
function arrowPath(layout: LineageLayout, arrow: LineageGraph['arrows'][number]): string {
  const a = layout.vertices.get(arrow.from)
  const b = layout.vertices.get(arrow.to)
  if (!a || !b) return ''
  if (b.y <= a.y) return backPath(a, b)
  let [x, y] = [a.x + boxWidth / 2, a.y + boxHeight]
  let path = `M${x} ${y}`
  const to = (nextX: number, nextY: number) => {
    const bend = Math.max((nextY - y) / 2, 14)
    path += `C${x} ${y + bend} ${nextX} ${nextY - bend} ${nextX} ${nextY}`
    x = nextX
    y = nextY
  }
  for (const point of layout.bends.get(arrowKey(arrow)) ?? []) {
    to(point.x, point.y)
    y = point.y + boxHeight
    path += `V${y}`
  }
  to(b.x + boxWidth / 2, b.y - 5)
  return path
}

/** From the side of a step up to the side of what it gave on as it took it. */
function backPath(a: Point, b: Point): string {
  const [x, y, toX, toY] = [a.x + boxWidth, a.y + boxHeight / 2, b.x + boxWidth + 5, b.y + boxHeight / 2]
  const bend = Math.max(x, toX) + 34
  return `M${x} ${y}C${bend} ${y} ${bend} ${toY} ${toX} ${toY}`
}

/** Artifacts and steps from top to bottom. Each box has the focus in turn; arrow keys follow the arrows. */
export function LineageGraphView({ graph, selected, onSelect }: LineageGraphViewProps) {
  const place = useRef<SVGSVGElement>(null)
  const layout = useMemo(() => layeredLayout(graph), [graph])
  const related = useMemo(() => (selected ? relatedTo(graph, selected) : undefined), [graph, selected])
  const tabStop = selected ?? graph.vertices[0]?.id
  const faint = (...ids: readonly string[]) => related !== undefined && !ids.every((id) => related.has(id))

  const onKeyDown = (event: KeyboardEvent, id: string) => {
    if (event.key === 'Enter' || event.key === ' ') onSelect(id)
    else {
      const next = stepTo(graph, layout, id, event.key)
      if (!next) return
      place.current?.querySelector<SVGGElement>(`[data-vertex="${CSS.escape(next)}"]`)?.focus()
      onSelect(next)
    }
    event.preventDefault()
  }

  return (
    <div className="lineage-scroll">
      {/* biome-ignore lint/a11y/useSemanticElements: a picture made of buttons is a group */}
      <svg ref={place} role="group" aria-label={words.title} width={layout.width} height={layout.height}>
        <defs>
          <marker id="lineage-tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0L8 4L0 8Z" className="lineage-tip" />
          </marker>
        </defs>
        {graph.arrows.map((arrow) => (
          <path
            key={`${arrow.from} ${arrow.to} ${arrow.port}`}
            d={arrowPath(layout, arrow)}
            markerEnd="url(#lineage-tip)"
            className={`lineage-arrow${faint(arrow.from, arrow.to) ? ' faint' : ''}`}
          />
        ))}
        {graph.vertices.map((vertex) => {
          const at = layout.vertices.get(vertex.id)!
          const classes = [
            'lineage-box',
            vertex.kind,
            vertex.id === selected ? 'selected' : '',
            faint(vertex.id) ? 'faint' : '',
          ]
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button element can not stand in a picture
            <g
              key={vertex.id}
              role="button"
              tabIndex={vertex.id === tabStop ? 0 : -1}
              aria-pressed={vertex.id === selected}
              data-vertex={vertex.id}
              className={classes.filter(Boolean).join(' ')}
              transform={`translate(${at.x} ${at.y})`}
              onClick={() => onSelect(vertex.id)}
              onKeyDown={(event) => onKeyDown(event, vertex.id)}
            >
              <title>{`${kindWords[vertex.kind]} ${vertex.label}, ${vertex.detail}`}</title>
              <rect width={boxWidth} height={boxHeight} rx={vertex.kind === 'step' ? 11 : 4} />
              <text x="12" y="19" className="lineage-label">
                {fitText(vertex.label, boxWidth - 24, 12.5)}
              </text>
              <text x="12" y="35" className="lineage-detail">
                {fitText(vertex.detail || kindWords[vertex.kind], boxWidth - 24, 11)}
              </text>
            </g>
          )
        })}
      </svg>
    </div>
  )
}
