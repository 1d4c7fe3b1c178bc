import type { Corners } from './row-predicate.ts'

/**
 * Whether a point lies in an outline: the even-odd rule (Shimrat 1962, CACM 5:434), by the side of each edge on which the point
 * is, so that a point on an edge is told from one beside it and counts as inside. In doubles, as the database reckons.
 */
export function insideArea(corners: Corners, x: number, y: number): boolean {
  let odd = false
  for (let at = 0; at < corners.length; at++) {
    const [ax, ay] = corners[at === 0 ? corners.length - 1 : at - 1]!
    const [bx, by] = corners[at]!
    const between = ay > y !== by > y
    const near = y >= Math.min(ay, by) && y <= Math.max(ay, by)
    if (!between && !near) continue
    const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
    if (side === 0 && near && x >= Math.min(ax, bx) && x <= Math.max(ax, bx)) return true
    if (between && (by > ay ? side > 0 : side < 0)) odd = !odd
  }
  return odd
}

/** The least upright box around an outline. */
export function areaBox(corners: Corners): {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
} {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return { x: [Math.min(...xs), Math.max(...xs)], y: [Math.min(...ys), Math.max(...ys)] }
}
