import { matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { kMeans } from './k-means.ts'

/**
 * The rows of each group that k-means makes, in the order of their first row, until no row moves, at most 100 rounds. As
 * many groups as asked for, fewer where there are fewer rows or fewer different ones; none of no rows.
 */
export function groupRows(rows: readonly Float64Array[], groups: number, random: Random): number[][] {
  if (rows.length === 0) return []
  const columns = rows[0]!.length
  const points = matrix(rows.length, columns)
  rows.forEach((row, i) => {
    points.values.set(row, i * columns)
  })
  const { labels } = kMeans(points, Math.min(groups, rows.length), random, { tolerance: 0, rounds: 100 })
  const members = new Map<number, number[]>()
  labels.forEach((label, i) => {
    const list = members.get(label)
    if (list) list.push(i)
    else members.set(label, [i])
  })
  return [...members.values()]
}
