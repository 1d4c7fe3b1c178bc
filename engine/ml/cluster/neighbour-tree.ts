import { type Matrix, matrix } from '../matrix.ts'
import { nearestOthersGrouped } from './grouped-neighbours.ts'

/**
 * A k-d tree (Bentley 1975, doi 10.1145/361002.361007): nodes are halved at the median of their widest side and know the
 * box around their points, which lie leaf by leaf in memory. Exact for any number of columns; with many columns it turns
 * into a scan that leaves a row as soon as its sum of squares exceeds the worst neighbour.
 */
export interface NeighbourTree {
  readonly points: Matrix
  /** Row of the original matrix at each place of `points`. */
  readonly rows: Uint32Array
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** Left child, the right one follows it; 0 for a leaf. */
  readonly left: Uint32Array
  /** Boxes, `columns` numbers a node. */
  readonly low: Float64Array
  readonly high: Float64Array
}

const leafRows = 16

export function neighbourTree(points: Matrix): NeighbourTree {
  const { rows: n, columns, values } = points
  const capacity = Math.max(1, 4 * Math.ceil(n / leafRows))
  const rows = Uint32Array.from({ length: n }, (_, i) => i)
  const from = new Uint32Array(capacity)
  const to = new Uint32Array(capacity)
  const left = new Uint32Array(capacity)
  const low = new Float64Array(capacity * columns)
  const high = new Float64Array(capacity * columns)
  to[0] = n
  let nodes = 1
  for (let node = 0; node < nodes; node++) {
    const side = fillBox(values, columns, rows, from[node]!, to[node]!, low, high, node * columns)
    if (side < 0) rows.subarray(from[node]!, to[node]!).sort()
    if (to[node]! - from[node]! <= leafRows || side < 0) continue
    const middle = (from[node]! + to[node]!) >> 1
    partition(values, columns, side, rows, from[node]!, to[node]! - 1, middle)
    left[node] = nodes
    from[nodes] = from[node]!
    to[nodes] = middle
    from[nodes + 1] = middle
    to[nodes + 1] = to[node]!
    nodes += 2
  }
  const ordered = matrix(n, columns)
  for (let place = 0; place < n; place++) {
    const row = rows[place]! * columns
    for (let j = 0; j < columns; j++) ordered.values[place * columns + j] = values[row + j]!
  }
  return { points: ordered, rows, from, to, left, low, high }
}

/** The box around some rows; returns its widest side, -1 when all rows are the same point. */
function fillBox(
  values: Float64Array,
  columns: number,
  rows: Uint32Array,
  from: number,
  to: number,
  low: Float64Array,
  high: Float64Array,
  at: number,
): number {
  low.fill(Number.POSITIVE_INFINITY, at, at + columns)
  high.fill(Number.NEGATIVE_INFINITY, at, at + columns)
  for (let place = from; place < to; place++) {
    const row = rows[place]! * columns
    for (let j = 0; j < columns; j++) {
      const value = values[row + j]!
      if (value < low[at + j]!) low[at + j] = value
      if (value > high[at + j]!) high[at + j] = value
    }
  }
  let side = -1
  let widest = 0
  for (let j = 0; j < columns; j++) {
    if (high[at + j]! - low[at + j]! <= widest) continue
    widest = high[at + j]! - low[at + j]!
    side = j
  }
  return side
}

/** Hoare's selection: afterwards no row before `middle` has a larger value on that side than one from `middle` on. */
function partition(
  values: Float64Array,
  columns: number,
  side: number,
  rows: Uint32Array,
  first: number,
  last: number,
  middle: number,
): void {
  let low = first
  let high = last
  while (low < high) {
    const pivot = values[rows[(low + high) >> 1]! * columns + side]!
    let i = low
    let j = high
    while (i <= j) {
      while (values[rows[i]! * columns + side]! < pivot) i++
      while (values[rows[j]! * columns + side]! > pivot) j--
      if (i > j) break
      const row = rows[i]!
      rows[i] = rows[j]!
      rows[j] = row
      i++
      j--
    }
    if (middle <= j) high = j
    else if (middle >= i) low = i
    else return
  }
}

/** The k nearest of every query, nearest first; equal distances in row order. Row-major [queries, k]. */
export interface Neighbours {
  readonly k: number
  readonly rows: Uint32Array
  /** Euclidean or Chebyshev distances. */
  readonly distances: Float64Array
}

export type NeighbourMetric = 'euclidean' | 'chebyshev'

/** From so many columns on, rows of a leaf look for their neighbours together. */
const manyColumns = 12

/** The k nearest other rows of every row of the tree itself; k at most rows - 1. */
export function nearestOthers(tree: NeighbourTree, k: number, metric: NeighbourMetric = 'euclidean'): Neighbours {
  const n = tree.points.rows
  if (metric === 'euclidean' && tree.points.columns >= manyColumns) return nearestOthersGrouped(tree, k)
  const search = createSearch(tree, Math.max(0, Math.min(k, n - 1)), metric)
  const found = emptyNeighbours(n, search.k)
  for (let place = 0; place < n; place++) {
    search.find(tree.points.values, place * tree.points.columns, place)
    search.copyTo(found, tree.rows[place]! * search.k)
  }
  return found
}

/** The k nearest rows of the tree for every query row; k at most the tree's rows. */
export function nearestRows(
  tree: NeighbourTree,
  queries: Matrix,
  k: number,
  metric: NeighbourMetric = 'euclidean',
): Neighbours {
  const search = createSearch(tree, Math.min(k, tree.points.rows), metric)
  const found = emptyNeighbours(queries.rows, search.k)
  for (let row = 0; row < queries.rows; row++) {
    search.find(queries.values, row * queries.columns, -1)
    search.copyTo(found, row * search.k)
  }
  return found
}

const emptyNeighbours = (queries: number, k: number): Neighbours => ({
  k,
  rows: new Uint32Array(queries * k),
  distances: new Float64Array(queries * k),
})

interface Search {
  readonly k: number
  find(point: Float64Array, at: number, excluded: number): void
  copyTo(found: Neighbours, at: number): void
}

function createSearch(tree: NeighbourTree, k: number, metric: NeighbourMetric): Search {
  const { points, rows, from, to, left, low, high } = tree
  const { columns, values } = points
  const chebyshev = metric === 'chebyshev'
  const nearest = new Float64Array(k)
  const places = new Uint32Array(k)
  let point = values
  let at = 0
  let excluded = -1
  let worst = Number.POSITIVE_INFINITY
  let worstRow = 0

  function boxDistance(node: number): number {
    let sum = 0
    let box = node * columns
    for (let j = at; j < at + columns; j++, box++) {
      const value = point[j]!
      let gap = low[box]! - value
      if (gap < 0) gap = value - high[box]!
      if (gap <= 0) continue
      if (chebyshev) sum = gap > sum ? gap : sum
      else sum += gap * gap
    }
    return sum
  }

  function insert(distance: number, row: number): void {
    let slot = k - 1
    while (slot > 0 && (nearest[slot - 1]! > distance || (nearest[slot - 1] === distance && places[slot - 1]! > row))) {
      nearest[slot] = nearest[slot - 1]!
      places[slot] = places[slot - 1]!
      slot--
    }
    nearest[slot] = distance
    places[slot] = row
    worst = nearest[k - 1]!
    worstRow = places[k - 1]!
  }

  function scanEuclidean(begin: number, end: number): void {
    for (let place = begin, row = begin * columns; place < end; place++, row += columns) {
      let sum = 0
      let j = 0
      for (; j + 7 < columns; j += 8) {
        const a = point[at + j]! - values[row + j]!
        const b = point[at + j + 1]! - values[row + j + 1]!
        const c = point[at + j + 2]! - values[row + j + 2]!
        const d = point[at + j + 3]! - values[row + j + 3]!
        const e = point[at + j + 4]! - values[row + j + 4]!
        const f = point[at + j + 5]! - values[row + j + 5]!
        const g = point[at + j + 6]! - values[row + j + 6]!
        const h = point[at + j + 7]! - values[row + j + 7]!
        sum += a * a + b * b + c * c + d * d + (e * e + f * f + g * g + h * h)
        if (sum > worst) break
      }
      if (sum > worst) continue
      for (; j < columns; j++) {
        const gap = point[at + j]! - values[row + j]!
        sum += gap * gap
      }
      if (sum > worst || place === excluded || (sum === worst && rows[place]! > worstRow)) continue
      insert(sum, rows[place]!)
    }
  }

  function scanChebyshev(begin: number, end: number): void {
    for (let place = begin, row = begin * columns; place < end; place++, row += columns) {
      let most = 0
      for (let j = 0; j < columns; j++) {
        const gap = Math.abs(point[at + j]! - values[row + j]!)
        if (gap > most) most = gap
      }
      if (most > worst || place === excluded || (most === worst && rows[place]! > worstRow)) continue
      insert(most, rows[place]!)
    }
  }

  function visit(node: number): void {
    const child = left[node]!
    if (child === 0) {
      // a leaf larger than usual holds one point many times, in row order: only its first rows can be nearest
      const begin = from[node]!
      const end = to[node]! - begin > leafRows ? Math.min(to[node]!, begin + k + 1) : to[node]!
      if (chebyshev) scanChebyshev(begin, end)
      else scanEuclidean(begin, end)
      return
    }
    const a = boxDistance(child)
    const b = boxDistance(child + 1)
    const near = a <= b ? child : child + 1
    if (Math.min(a, b) <= worst) visit(near)
    if (Math.max(a, b) <= worst) visit(a <= b ? child + 1 : child)
  }

  return {
    k,
    find(ofPoint, offset, exclude) {
      point = ofPoint
      at = offset
      excluded = exclude
      nearest.fill(Number.POSITIVE_INFINITY)
      places.fill(0xffffffff)
      worst = Number.POSITIVE_INFINITY
      worstRow = 0xffffffff
      if (k > 0) visit(0)
    },
    copyTo(found, offset) {
      for (let slot = 0; slot < k; slot++) {
        found.rows[offset + slot] = places[slot]!
        found.distances[offset + slot] = chebyshev ? nearest[slot]! : Math.sqrt(nearest[slot]!)
      }
    },
  }
}

/** Rows within a closed distance of a point (itself included when it is in the tree), handed to `visit` in leaf order. */
export function withinRadius(
  tree: NeighbourTree,
  point: Float64Array,
  at: number,
  radius: number,
  metric: NeighbourMetric,
  visit: (row: number) => void,
): void {
  const { points, rows, from, to, left, low, high } = tree
  const { columns, values } = points
  const chebyshev = metric === 'chebyshev'
  const stack = [0]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    let least = 0
    for (let j = 0; j < columns; j++) {
      const value = point[at + j]!
      const gap = Math.max(low[node * columns + j]! - value, value - high[node * columns + j]!, 0)
      least = chebyshev ? Math.max(least, gap) : least + gap * gap
    }
    if ((chebyshev ? least : Math.sqrt(least)) > radius) continue
    if (left[node]! > 0) {
      stack.push(left[node]! + 1, left[node]!)
      continue
    }
    for (let place = from[node]!; place < to[node]!; place++) {
      let sum = 0
      for (let j = 0; j < columns; j++) {
        const gap = Math.abs(point[at + j]! - values[place * columns + j]!)
        sum = chebyshev ? Math.max(sum, gap) : sum + gap * gap
      }
      if ((chebyshev ? sum : Math.sqrt(sum)) <= radius) visit(rows[place]!)
    }
  }
}
