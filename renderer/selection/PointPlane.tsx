// biome-ignore-all lint/a11y/useSemanticElements: a picture that is drawn over
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: it is drawn over by keys, too
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { mostCorners } from '#contract'
import type { Plane, Spot } from '#report/chart-places'
import { cornersAt, dataAt, longerPath, nearestSpot, spotOf, within } from './plane-places.ts'
import { selectionMessages as words } from './selection-messages.ts'
import type { PointChoice } from './use-point-choice.ts'

interface PointPlaneProps {
  readonly title: string
  readonly plane: Plane
  readonly choice: PointChoice
}
type Tool = 'box' | 'lasso'

/** A press that moves less is a click. */
const clickPixels = 4
/** A point is hit from this far. */
const reachPixels = 14
const stepPixels = 8

const outlinePath = (spots: readonly Spot[]) => spots.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('')

const boxPath = (a: Spot, b: Spot) => `M${a.x} ${a.y}H${b.x}V${b.y}H${a.x}Z`

const few = (value: number) => String(Number(value.toPrecision(3)))

/** Draws boxes and outlines over points, by the pointer or by keys, and picks single ones. */
export function PointPlane({ title, plane, choice }: PointPlaneProps) {
  const { box } = plane
  const place = useRef<HTMLDivElement>(null)
  const [tool, setTool] = useState<Tool>('box')
  const [path, setPath] = useState<readonly Spot[]>([])
  const [mark, setMark] = useState<Spot | null>(null)
  const pressed = useRef<Spot | null>(null)
  const { chooseArea } = choice

  function spotAt(event: PointerEvent): Spot {
    const area = place.current!.getBoundingClientRect()
    return within(plane, { x: event.clientX - area.left + box.x, y: event.clientY - area.top + box.y })
  }
  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    pressed.current = spotAt(event)
    setMark(null)
    setPath([])
  }
  function onPointerMove(event: PointerEvent) {
    const from = pressed.current
    if (!from) return
    const spot = spotAt(event)
    if (path.length === 0 && Math.hypot(spot.x - from.x, spot.y - from.y) < clickPixels) return
    if (tool === 'box') setPath([from, spot])
    else setPath((before) => longerPath(before.length === 0 ? [from] : before, spot, mostCorners))
  }
  function onPointerUp(event: PointerEvent) {
    const from = pressed.current
    pressed.current = null
    setPath([])
    if (!from) return
    if (path.length === 0) pick(from, event.shiftKey || event.ctrlKey || event.metaKey)
    else if (tool === 'box') chooseBox(from, path.at(-1)!)
    else closeOutline(path)
  }
  function pick(spot: Spot, add: boolean, reach = reachPixels) {
    const found = nearestSpot(choice.spots, spot, reach)
    if (found >= 0) choice.choosePoint(found, add)
  }
  function chooseBox(a: Spot, b: Spot) {
    const [[x1, y1], [x2, y2]] = [dataAt(plane, a), dataAt(plane, b)]
    choice.chooseBox([Math.min(x1, x2), Math.max(x1, x2)], [Math.min(y1, y2), Math.max(y1, y2)])
  }
  function closeOutline(spots: readonly Spot[]) {
    if (spots.length > 2) chooseArea?.(cornersAt(plane, spots))
  }

  function onKeyDown(event: KeyboardEvent) {
    const at = mark ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const step = moves[event.key]
    if (step) {
      const far = event.shiftKey ? 1 : stepPixels
      setMark(within(plane, { x: at.x + step[0] * far, y: at.y + step[1] * far }))
    } else if (event.key === ' ' && chooseArea) setPath((before) => [...before, at].slice(-mostCorners))
    else if (event.key === 'Backspace' && path.length > 0) setPath((before) => before.slice(0, -1))
    else if (event.key === 'Enter' && path.length > 2) {
      closeOutline(path)
      setPath([])
    } else if (event.key === 'Enter') pick(at, event.shiftKey, Number.POSITIVE_INFINITY)
    else if (event.key === 'Escape' && path.length > 0) setPath([])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const byKeys = mark !== null
  const corners = choice.corners?.map((corner) => spotOf(plane, corner))
  const drawn = path.length === 2 && tool === 'box' && !byKeys ? boxPath(path[0]!, path[1]!) : outlinePath(path)
  return (
    <>
      <div
        ref={place}
        role="group"
        tabIndex={0}
        aria-label={words.plane(title)}
        aria-description={chooseArea ? words.planeHow : words.planePointsHow}
        className="point-plane"
        style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setMark(null)
          setPath([])
        }}
      >
        <svg
          width={box.width}
          height={box.height}
          viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
          aria-hidden="true"
        >
          {corners && <path className="plane-area" d={`${outlinePath(corners)}Z`} />}
          {path.length > 0 && <path className="plane-path" d={drawn} />}
          {mark && <path className="plane-mark" d={`M${mark.x - 7} ${mark.y}h14M${mark.x} ${mark.y - 7}v14`} />}
        </svg>
        <span className="visually-hidden" role="status">
          {mark && words.at(...(dataAt(plane, mark).map(few) as [string, string]), path.length)}
        </span>
      </div>
      {chooseArea && (
        <fieldset className="plane-tools" aria-label={words.tools}>
          {(['box', 'lasso'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={tool === one} onClick={() => setTool(one)}>
              {words[one]}
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}

const moves: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
