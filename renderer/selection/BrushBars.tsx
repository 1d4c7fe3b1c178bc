// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and names its active bar
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react'
import { type Bar, type BarCondition, clicked, either, isWithin } from './bars-of.ts'
import { selectionMessages as words } from './selection-messages.ts'
import './selection.css'

/** Where a bar stands: the strip that takes the pointer, and the mark that shows how many. */
export interface BarPlace {
  readonly strip: Box
  readonly mark: Box
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
  /** Marks grow upwards, or to the right. */
  readonly grow: 'up' | 'right'
  /** Of the chosen rows, in the order of the bars; undefined where nothing is chosen. */
  readonly selected: readonly number[] | undefined
  readonly condition: BarCondition | undefined
  /** The marks are drawn by what lies below: only the chosen parts are drawn here. */
  readonly over?: boolean
  readonly tabIndex?: number
  choose(condition: BarCondition | undefined): void
  /** What Escape does here; without it the rows are let go. */
  readonly leave: (() => void) | undefined
}

/** The part of a mark that stands for a share of its rows. */
function part({ x, y, width, height }: Box, share: number, grow: 'up' | 'right'): Box {
  if (grow === 'right') return { x, y, height, width: width * share }
  const size = height * share
  return { x, y: y + height - size, width, height: size }
}

/** Bars to choose rows by: click or drag, Shift adds; or arrows and Space. The chosen share of each is drawn over it. */
export function BrushBars(props: BrushBarsProps) {
  const { bars, places, selected, condition, grow } = props
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(0)
  const [focused, setFocused] = useState(false)
  const anchor = useRef(0)
  const drag = useRef<{ from: number; last: number; before: BarCondition | undefined; moved: boolean } | null>(null)
  const at = Math.min(cursor, bars.length - 1)

  const span = (from: number, to: number, before: BarCondition | undefined) =>
    bars
      .slice(Math.min(from, to), Math.max(from, to) + 1)
      .reduce((all, bar) => either(all, bar.condition), before ?? {})

  function barAt(event: PointerEvent): number {
    const box = place.current!.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    const far = ({ strip }: BarPlace) =>
      grow === 'up' ? Math.abs(x - strip.x - strip.width / 2) : Math.abs(y - strip.y - strip.height / 2)
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
    if (now && !now.moved) props.choose(clicked(condition, bars[now.from]!.condition, event.shiftKey))
  }

  function onKeyDown(event: KeyboardEvent) {
    setFocused(true)
    const step = moves[event.key]
    if (step) {
      const to = Math.min(Math.max(step(at, bars.length), 0), bars.length - 1)
      setCursor(to)
      if (event.shiftKey) props.choose(span(anchor.current, to, undefined))
      else anchor.current = to
    } else if (event.key === ' ' || event.key === 'Enter') {
      anchor.current = at
      props.choose(clicked(condition, bars[at]!.condition, event.shiftKey))
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
      aria-description={words.barsHow}
      aria-multiselectable="true"
      aria-orientation={grow === 'up' ? 'horizontal' : 'vertical'}
      aria-activedescendant={`${id}-${at}`}
      className="brush-bars"
      data-over={props.over || undefined}
      style={{ width: props.width, height: props.height }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
      onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
    >
      <svg width={props.width} height={props.height} aria-hidden="true">
        {bars.map((bar, i) => {
          const { strip, mark } = places[i]!
          const share = bar.count > 0 ? Math.min(1, (selected?.[i] ?? 0) / bar.count) : 0
          return (
            <g key={bar.label} data-missing={bar.condition.missing}>
              {isWithin(bar.condition, condition) && <rect className="brush-chosen" {...strip} />}
              {!props.over && <rect className="brush-mark" {...mark} />}
              {share > 0 && <rect className="brush-part" {...part(mark, share, grow)} />}
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
          title={words.bar(bar.label, bar.count, selected?.[i])}
          style={{
            left: places[i]!.strip.x,
            top: places[i]!.strip.y,
            width: places[i]!.strip.width,
            height: places[i]!.strip.height,
          }}
        >
          {words.bar(bar.label, bar.count, selected?.[i])}
        </div>
      ))}
    </div>
  )
}

const moves: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}
