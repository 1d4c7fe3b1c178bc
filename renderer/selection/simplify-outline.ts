import type { Corners } from '#contract'

/**
 * An outline with fewer corners, none of those left out farther from it than the tolerance along x and y (Ramer 1972; Douglas &
 * Peucker 1973). The first and the last corner stay.
 */
export function simplifyOutline(corners: Corners, [toleranceX, toleranceY]: readonly [number, number]): Corners {
  const scaled = corners.map(([x, y]) => [x / (toleranceX || 1), y / (toleranceY || 1)] as const)
  const kept = new Uint8Array(corners.length)
  kept[0] = 1
  kept[corners.length - 1] = 1
  const open: (readonly [number, number])[] = [[0, corners.length - 1]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span
    let [farthest, most] = [-1, 1]
    for (let at = first + 1; at < last; at++) {
      const away = distance(scaled[at]!, scaled[first]!, scaled[last]!)
      if (away > most) [farthest, most] = [at, away]
    }
    if (farthest < 0) continue
    kept[farthest] = 1
    open.push([first, farthest], [farthest, last])
  }
  return corners.filter((_, at) => kept[at] === 1)
}

type Point = readonly [x: number, y: number]

/** From a point to the straight line between two others. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - ax - share * dx, y - ay - share * dy)
}
