import type { Random } from '../random/random.ts'

/**
 * k-means of a few rows: k-means++ seeding (Arthur & Vassilvitskii 2007, SODA, 1027) and Lloyd's iterations until no row
 * moves, at most 100. Returns the rows of each group that has any, in the order of their first row.
 */
export function groupRows(rows: readonly Float64Array[], groups: number, random: Random): number[][] {
  const centres = seeds(rows, Math.min(groups, rows.length), random)
  const group = new Int32Array(rows.length).fill(-1)
  for (let iteration = 0; iteration < 100; iteration++) {
    let moved = false
    rows.forEach((row, i) => {
      const nearest = nearestOf(row, centres).index
      if (nearest !== group[i]) moved = true
      group[i] = nearest
    })
    if (!moved) break
    centres.forEach((centre, g) => recentre(centre, rows, group, g))
  }
  const members = new Map<number, number[]>()
  group.forEach((g, i) => {
    const list = members.get(g)
    if (list) list.push(i)
    else members.set(g, [i])
  })
  return [...members.values()]
}

function seeds(rows: readonly Float64Array[], groups: number, random: Random): Float64Array[] {
  if (groups === 0) return []
  const centres = [rows[random.integer(rows.length)]!.slice()]
  while (centres.length < groups) {
    const squares = rows.map((row) => nearestOf(row, centres).distance ** 2)
    const total = squares.reduce((sum, square) => sum + square, 0)
    if (total === 0) break
    let left = random.uniform() * total
    let chosen = -1
    for (let i = 0; i < rows.length && left >= 0; i++) {
      if (squares[i] === 0) continue
      chosen = i
      left -= squares[i]!
    }
    centres.push(rows[chosen]!.slice())
  }
  return centres
}

function recentre(centre: Float64Array, rows: readonly Float64Array[], group: Int32Array, g: number): void {
  const sum = new Float64Array(centre.length)
  let n = 0
  rows.forEach((row, i) => {
    if (group[i] !== g) return
    n++
    for (let j = 0; j < sum.length; j++) sum[j]! += row[j]!
  })
  if (n > 0) for (let j = 0; j < sum.length; j++) centre[j] = sum[j]! / n
}

export function distanceOf(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2
  return Math.sqrt(sum)
}

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
