import type { Corners } from '#contract'
import type { Plane, Spot } from '#report/chart-places'
import { simplifyOutline } from './simplify-outline.ts'

/** Half a thousandth of what an axis spans tells nothing: a range ends where few digits say it. */
export function snugRange(from: number, to: number): readonly [from: number, to: number] {
  const step = 10 ** Math.floor(Math.log10(Math.abs(to - from) / 500))
  if (!Number.isFinite(step) || step === 0) return [from, to]
  const snug = (value: number) => Number((Math.round(value / step) * step).toPrecision(12))
  return [snug(from), snug(to)]
}

/** What lies at a spot of the picture. */
export function dataAt({ box, x, y }: Plane, spot: Spot): readonly [x: number, y: number] {
  return [
    x[0] + ((spot.x - box.x) / box.width) * (x[1] - x[0]),
    y[0] + ((box.y + box.height - spot.y) / box.height) * (y[1] - y[0]),
  ]
}

/** Where a value lies in the picture. */
export function spotOf({ box, x, y }: Plane, [left, up]: Corners[number]): Spot {
  return {
    x: box.x + ((left - x[0]) / (x[1] - x[0] || 1)) * box.width,
    y: box.y + box.height - ((up - y[0]) / (y[1] - y[0] || 1)) * box.height,
  }
}

/** Corners in few digits, and no more of them than the picture tells apart. */
export function cornersAt(plane: Plane, path: readonly Spot[]): Corners {
  const points = path.map(({ x, y }) => [x, y] as const)
  const spots = simplifyOutline(points, [pixelsOff, pixelsOff]).map(([x, y]) => ({ x, y }))
  const [stepX, stepY] = [plane.x, plane.y].map(([low, high]) => 10 ** Math.floor(Math.log10((high - low) / 500)))
  const snug = (value: number, step: number) =>
    step > 0 && Number.isFinite(step) ? Number((Math.round(value / step) * step).toPrecision(12)) : value
  return spots.map((spot) => {
    const [x, y] = dataAt(plane, spot)
    return [snug(x, stepX!), snug(y, stepY!)] as const
  })
}

/** A corner nearer than this to the line without it is left out. */
const pixelsOff = 1.2

/** The spot within the plane that is nearest. */
export const within = ({ box }: Plane, { x, y }: Spot): Spot => ({
  x: Math.min(Math.max(x, box.x), box.x + box.width),
  y: Math.min(Math.max(y, box.y), box.y + box.height),
})

/** The number of the spot nearest to a place, no farther than that; −1 where there is none. */
export function nearestSpot(spots: readonly Spot[], to: Spot, farthest: number): number {
  let [best, distance] = [-1, farthest]
  spots.forEach(({ x, y }, at) => {
    const away = Math.hypot(x - to.x, y - to.y)
    if (away <= distance) [best, distance] = [at, away]
  })
  return best
}

/** A path with a further spot: what is nearer than three pixels tells nothing, and of too many every other one goes. */
export function longerPath(path: readonly Spot[], spot: Spot, most: number): readonly Spot[] {
  const last = path.at(-1)
  if (last && Math.hypot(spot.x - last.x, spot.y - last.y) < 3) return path
  const kept = path.length < most - 1 ? path : path.filter((_, at) => at % 2 === 0)
  return [...kept, spot]
}
