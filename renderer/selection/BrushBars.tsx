// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and names its active bar
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react'
import { type Bar, type BarCondition, clicked, either, isWithin } from './bars-of.ts'
import { selectionMessages as words } from './selection-messages.ts'
import './selection.css'

/** Where a bar stands: the strip that takes the pointer, and the mark that shows how many. */
export interface BarPlace {
  readonly strip: Box
  readonly mark: Box
  /** Of a stretch of a line: from where to where. */
  readonly line?: readonly [x1: number, y1: number, x2: number, y2: number]
}
interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface BrushBarsProps {
  readonly label: string
  readonly bars: readonly Bar[]
  readonly places: readonly BarPlace[]
  readonly width: number
  readonly height: number
  /** Marks grow upwards, or to the right; cells lie both ways. */
  readonly grow: 'up' | 'right' | 'cells'
  /** Of the chosen rows, in the order of the bars; undefined where nothing is chosen. */
  readonly selected: readonly number[] | undefined
  readonly condition: BarCondition | undefined
  /** The marks are drawn by what lies below: only the chosen parts are drawn here. */
  readonly over?: boolean
  /** One bar is chosen at a time. */
  readonly single?: boolean | undefined
  /** Cells in a line, which the keys for up and down step over. */
  readonly across?: number | undefined
  /** What lies below hears the pointer. */
  readonly keysOnly?: boolean
  readonly tabIndex?: number
  choose(condition: BarCondition | undefined): void
  /** What Escape does here; without it the rows are let go. */
  readonly leave: (() => void) | undefined
}

/** The part of a mark that stands for a share of its rows. */
function part({ x, y, width, height }: Box, share: number, grow: BrushBarsProps['grow']): Box {
  if (grow !== 'up') return { x, y, height, width: width * share }
  const size = height * share
  return { x, y: y + height - size, width, height: size }
}

/** Whether a bar lies between two others; of cells in their rectangle. */
function isBetween(at: number, from: number, to: number, across: number | undefined): boolean {
  const inside = (a: number, b: number, c: number) => a >= Math.min(b, c) && a <= Math.max(b, c)
  if (across === undefined) return inside(at, from, to)
  const line = (cell: number) => Math.floor(cell / across)
  return inside(line(at), line(from), line(to)) && inside(at % across, from % across, to % across)
}

/** How far a point is from a box: 0 inside it. */
function away({ x, y, width, height }: Box, left: number, top: number): number {
  return Math.hypot(Math.max(x - left, 0, left - x - width), Math.max(y - top, 0, top - y - height))
}

/** The least box around all strips. */
function around(places: readonly BarPlace[]): Box {
  const strips = places.map(({ strip }) => strip)
  const x = Math.min(...strips.map((strip) => strip.x))
  const y = Math.min(...strips.map((strip) => strip.y))
  const right = Math.max(...strips.map((strip) => strip.x + strip.width))
  const bottom = Math.max(...strips.map((strip) => strip.y + strip.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** Bars to choose rows by: click or drag, Shift adds; or arrows and Space. The chosen share of each is drawn over it. */
export function BrushBars(props: BrushBarsProps) {
  const { bars, places, selected, condition, grow, single = false } = props
  const area = props.over ? around(places) : { x: 0, y: 0, width: props.width, height: props.height }
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(0)
  const [focused, setFocused] = useState(false)
  const anchor = useRef(0)
  const drag = useRef<{ from: number; last: number; before: BarCondition | undefined; moved: boolean } | null>(null)
  const at = Math.min(cursor, bars.length - 1)

  const span = (from: number, to: number, before: BarCondition | undefined) =>
    single
      ? bars[to]!.condition
      : bars
          .filter((_, at) => isBetween(at, from, to, props.across))
          .reduce((all, bar) => either(all, bar.condition), before ?? {})

  function barAt(event: PointerEvent): number {
    const box = place.current!.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left + area.x, event.clientY - box.top + area.y]
    const far = ({ strip }: BarPlace) => {
      if (grow === 'cells') return away(strip, x, y)
      return grow === 'up' ? Math.abs(x - strip.x - strip.width / 2) : Math.abs(y - strip.y - strip.height / 2)
    }
    return places.reduce((best, one, i) => (far(one) < far(places[best]!) ? i : best), 0)
  }
  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = barAt(event)
    drag.current = { from, last: from, before: event.shiftKey ? condition : undefined, moved: false }
    anchor.current = from
    setCursor(from)
  }
  function onPointerMove(event: PointerEvent) {
    const now = drag.current
    if (!now) return
    const to = barAt(event)
    if (to === now.last) return
    now.moved = true
    now.last = to
    props.choose(span(now.from, to, now.before))
    setCursor(to)
  }
  function onPointerUp(event: PointerEvent) {
    const now = drag.current
    drag.current = null
    if (now && !now.moved) props.choose(clicked(condition, bars[now.from]!.condition, event.shiftKey && !single))
  }

  function onKeyDown(event: KeyboardEvent) {
    setFocused(true)
    const step = moves[event.key]
    if (step) {
      const to = Math.min(Math.max(step(at, bars.length, props.across ?? 1), 0), bars.length - 1)
      setCursor(to)
      if (event.shiftKey && !single) props.choose(span(anchor.current, to, undefined))
      else anchor.current = to
    } else if (event.key === ' ' || event.key === 'Enter') {
      anchor.current = at
      props.choose(clicked(condition, bars[at]!.condition, event.shiftKey && !single))
    } else if (event.key === 'Escape' && props.leave) props.leave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  if (bars.length === 0) return null
  return (
    <div
      ref={place}
      role="listbox"
      tabIndex={props.tabIndex ?? 0}
      aria-label={props.label}
      aria-description={single ? words.barHow : words.barsHow}
      aria-multiselectable={!single}
      aria-orientation={grow === 'up' ? 'horizontal' : 'vertical'}
      aria-activedescendant={`${id}-${at}`}
      className="brush-bars"
      data-over={props.over || undefined}
      data-keys-only={props.keysOnly || undefined}
      style={{ left: area.x, top: area.y, width: area.width, height: area.height }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
      onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
    >
      <svg
        width={area.width}
        height={area.height}
        viewBox={`${area.x} ${area.y} ${area.width} ${area.height}`}
        aria-hidden="true"
      >
        {bars.map((bar, i) => {
          const { strip, mark, line } = places[i]!
          const chosen = isWithin(bar.condition, condition)
          const share = bar.count > 0 ? Math.min(1, (selected?.[i] ?? 0) / bar.count) : 0
          return (
            <g key={bar.label} data-missing={bar.condition.missing}>
              {chosen && !line && <rect className="brush-chosen" {...strip} />}
              {!props.over && <rect className="brush-mark" {...mark} />}
              {share > 0 && !line && <rect className="brush-part" {...part(mark, share, grow)} />}
              {line && (chosen || share > 0) && <Stretch line={line} share={chosen ? 1 : share} />}
              {focused && i === at && <rect className="brush-cursor" {...strip} rx={2} />}
            </g>
          )
        })}
      </svg>
      {bars.map((bar, i) => (
        <div
          key={bar.label}
          id={`${id}-${i}`}
          role="option"
          aria-selected={isWithin(bar.condition, condition)}
          className="brush-option"
          title={barWords(bar, selected?.[i])}
          style={{
            left: places[i]!.strip.x - area.x,
            top: places[i]!.strip.y - area.y,
            width: places[i]!.strip.width,
            height: places[i]!.strip.height,
          }}
        >
          {barWords(bar, selected?.[i])}
        </div>
      ))}
    </div>
  )
}

const barWords = ({ label, count, ofPoints }: Bar, selected: number | undefined) =>
  ofPoints ? words.points(label, count) : words.bar(label, count, selected)

/** A stretch of a line, the wider the more of its rows are chosen. */
function Stretch({ line: [x1, y1, x2, y2], share }: { line: NonNullable<BarPlace['line']>; share: number }) {
  return <line className="brush-stretch" x1={x1} y1={y1} x2={x2} y2={y2} strokeWidth={1.5 + 3 * share} />
}

const moves: Readonly<Record<string, (at: number, count: number, across: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at, _, across) => at - across,
  ArrowDown: (at, _, across) => at + across,
  PageUp: (at) => at - 10,
  PageDown: (at) => at + 10,
  Home: () => 0,
  End: (_, count) => count - 1,
}
