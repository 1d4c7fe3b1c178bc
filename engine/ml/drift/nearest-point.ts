import { gapSquare } from '../cluster/assign-rows.ts'

/** Euclidean distance of two points. */
export const distanceOf = (a: Float64Array, b: Float64Array) => Math.sqrt(gapSquare(a, 0, b, 0, a.length))

/** The nearest of some points, the first of equally near ones; index -1 where there are none. */
export function nearestOf(row: Float64Array, points: readonly Float64Array[]): { index: number; distance: number } {
  let index = -1
  let distance = Number.POSITIVE_INFINITY
  for (let i = 0; i < points.length; i++) {
    const d = distanceOf(row, points[i]!)
    if (d >= distance) continue
    distance = d
    index = i
  }
  return { index, distance }
}
