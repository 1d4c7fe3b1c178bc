import type { Neighbours, NeighbourTree } from './neighbour-tree.ts'

const groupRows = 16

/**
 * The k nearest other rows of every row of a tree, Euclidean, for many columns: the rows of a leaf look for their
 * neighbours together, so that boxes are compared once a leaf, and points by |p|² + |q|² - 2 p q, two rows against two
 * at a time. That only sorts out what is too far, with room for its rounding; distances are then computed exactly, and
 * the result is that of `nearestOthers`.
 */
export function nearestOthersGrouped(tree: NeighbourTree, most: number): Neighbours {
  const { points, rows, from, to, left, low, high } = tree
  const { columns } = points
  const n = points.rows
  const k = Math.max(0, Math.min(most, n - 1))
  const found: Neighbours = { k, rows: new Uint32Array(n * k), distances: new Float64Array(n * k) }
  if (k === 0) return found
  const centredValues = centre(points.values, n, columns)
  const squares = squaresOf(centredValues, n, columns)
  const rounding = 4e-16 * (columns + 8)
  const nearest = new Float64Array(groupRows * k)
  const places = new Uint32Array(groupRows * k)
  const worst = new Float64Array(groupRows)
  let groupWorst = Number.POSITIVE_INFINITY
  let group = 0
  let begin = 0
  let end = 0

  for (let node = 0; node < from.length; node++) {
    if (left[node]! > 0 || to[node] === from[node]) continue
    group = node
    for (begin = from[node]!; begin < to[node]!; begin = end) {
      end = Math.min(to[node]!, begin + groupRows)
      nearest.fill(Number.POSITIVE_INFINITY)
      places.fill(0xffffffff)
      worst.fill(Number.POSITIVE_INFINITY)
      groupWorst = Number.POSITIVE_INFINITY
      visit(0, 0)
      keep()
    }
  }
  return found

  function keep(): void {
    for (let place = begin; place < end; place++)
      for (let slot = 0; slot < k; slot++) {
        found.rows[rows[place]! * k + slot] = places[(place - begin) * k + slot]!
        found.distances[rows[place]! * k + slot] = Math.sqrt(nearest[(place - begin) * k + slot]!)
      }
  }

  function visit(node: number, distance: number): void {
    if (distance > groupWorst) return
    const child = left[node]!
    if (child === 0) {
      // a leaf larger than usual holds one point many times, in row order: only its first rows can be nearest
      const last = to[node]! - from[node]! > groupRows ? Math.min(to[node]!, from[node]! + k + 1) : to[node]!
      compare(from[node]!, last)
      return
    }
    const a = boxDistance(child)
    const b = boxDistance(child + 1)
    const firstIsNear = a < b || (a === b && begin < to[child]!)
    if (firstIsNear) visit(child, a)
    visit(child + 1, b)
    if (!firstIsNear) visit(child, a)
  }

  function boxDistance(node: number): number {
    let sum = 0
    for (let a = group * columns, b = node * columns, stop = a + columns; a < stop; a++, b++) {
      const above = low[b]! - high[a]!
      const below = low[a]! - high[b]!
      const gap = above > below ? above : below
      if (gap > 0) sum += gap * gap
    }
    return sum
  }

  function compare(first: number, last: number): void {
    for (let p = begin; p < end; p += 2) {
      const q = p + 1 < end ? p + 1 : p
      for (let r = first; r < last; r += 2) {
        const s = r + 1 < last ? r + 1 : r
        let pr = 0
        let ps = 0
        let qr = 0
        let qs = 0
        let b = q * columns
        let c = r * columns
        let d = s * columns
        for (let a = p * columns, stop = a + columns; a < stop; a++, b++, c++, d++) {
          const u = centredValues[a]!
          const v = centredValues[b]!
          const x = centredValues[c]!
          const y = centredValues[d]!
          pr += u * x
          ps += u * y
          qr += v * x
          qs += v * y
        }
        if (isNear(p, r, pr)) insert(p, r)
        if (s !== r && isNear(p, s, ps)) insert(p, s)
        if (q === p) continue
        if (isNear(q, r, qr)) insert(q, r)
        if (s !== r && isNear(q, s, qs)) insert(q, s)
      }
    }
    groupWorst = 0
    for (let i = 0; i < end - begin; i++) groupWorst = Math.max(groupWorst, worst[i]!)
  }

  function isNear(p: number, r: number, product: number): boolean {
    const size = squares[p]! + squares[r]!
    return size - 2 * product - rounding * size <= worst[p - begin]!
  }

  function insert(p: number, r: number): void {
    if (p === r) return
    let distance = 0
    for (let a = p * columns, b = r * columns, stop = a + columns; a < stop; a++, b++) {
      const gap = points.values[a]! - points.values[b]!
      distance += gap * gap
    }
    const row = rows[r]!
    const base = (p - begin) * k
    let slot = base + k - 1
    if (nearest[slot]! < distance || (nearest[slot] === distance && places[slot]! < row)) return
    while (
      slot > base &&
      (nearest[slot - 1]! > distance || (nearest[slot - 1] === distance && places[slot - 1]! > row))
    ) {
      nearest[slot] = nearest[slot - 1]!
      places[slot] = places[slot - 1]!
      slot--
    }
    nearest[slot] = distance
    places[slot] = row
    worst[p - begin] = nearest[base + k - 1]!
  }
}

/** Values less their column means: what is far from 0 would lose digits in the products. */
function centre(values: Float64Array, rows: number, columns: number): Float64Array {
  const means = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) means[j]! += values[at]! / rows
  const out = new Float64Array(values.length)
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) out[at] = values[at]! - means[j]!
  return out
}

function squaresOf(values: Float64Array, rows: number, columns: number): Float64Array {
  const squares = new Float64Array(rows)
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) squares[i]! += values[at]! * values[at]!
  return squares
}
