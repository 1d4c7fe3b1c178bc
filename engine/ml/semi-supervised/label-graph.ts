import { nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import type { Matrix } from '../matrix.ts'
import type { LabelKernel, PropagationOptions } from './propagate-labels.ts'

/** A weighted graph over rows: all pairs, or for row i the places starts[i] to starts[i + 1] of a list. */
export type LabelGraph = DenseGraph | ListGraph

/** Symmetric, so it is kept below its diagonal and that included: row i begins at i (i + 1) / 2. */
interface DenseGraph {
  readonly kind: 'dense'
  readonly rows: number
  readonly weights: Float64Array
}
interface ListGraph {
  readonly kind: 'list'
  readonly starts: Uint32Array
  readonly to: Uint32Array
  readonly weights: Float64Array
}

/** A dense graph of which a larger share is exactly 0 is kept as a list: the same sums, sooner. */
const emptyShare = 0.6

/**
 * Propagation: the kernel as it is, since after each round the shares of a row are made to add up to 1 anyway. Spreading:
 * w_ij / √(d_i d_j) without the diagonal, d being the weights that come in from others (SciPy's normalised Laplacian,
 * turned around): on the directed graph of nearest rows that is not symmetric, as in scikit-learn.
 */
export function labelGraph(x: Matrix, kernel: LabelKernel, method: PropagationOptions['method']): LabelGraph {
  const graph = kernel.kind === 'rbf' ? radialGraph(x, kernel.gamma) : nearestGraph(x, kernel.neighbours)
  if (method === 'spreading') normaliseBoth(graph)
  return graph
}

const rowStart = (row: number) => (row * (row + 1)) / 2

/** Pairs are visited in square tiles, so that the rows compared are still at hand. */
const tileRows = 64

function radialGraph(x: Matrix, gamma: number): LabelGraph {
  const { rows } = x
  const weights = new Float64Array(rowStart(rows))
  let filled = rows
  for (let i = 0; i < rows; i++) weights[rowStart(i) + i] = 1
  for (let row = 0; row < rows; row += tileRows)
    for (let column = 0; column <= row; column += tileRows) filled += 2 * fillTile(x, gamma, weights, row, column)
  const graph: DenseGraph = { kind: 'dense', rows, weights }
  return filled < (1 - emptyShare) * rows * rows ? listOf(graph, filled) : graph
}

/** Writes a tile below the diagonal; returns how many weights are not 0. */
function fillTile(
  { rows, columns, values }: Matrix,
  gamma: number,
  weights: Float64Array,
  row: number,
  column: number,
): number {
  let filled = 0
  for (let i = row; i < Math.min(rows, row + tileRows); i++) {
    const start = rowStart(i)
    for (let other = column; other < Math.min(i, column + tileRows); other++) {
      let square = 0
      for (let a = i * columns, b = other * columns, end = a + columns; a < end; a++, b++) {
        const gap = values[a]! - values[b]!
        square += gap * gap
      }
      const weight = Math.exp(-gamma * square)
      if (weight === 0) continue
      weights[start + other] = weight
      filled += 1
    }
  }
  return filled
}

/** Row after row: what stands before the diagonal is met with the row itself, the rest with the rows that follow. */
function listOf({ rows, weights }: DenseGraph, filled: number): ListGraph {
  const counts = new Uint32Array(rows + 1)
  const everyWeight = (visit: (row: number, other: number, weight: number) => void) => {
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j <= i; j++, at++) {
        if (weights[at] === 0) continue
        visit(i, j, weights[at]!)
        if (j < i) visit(j, i, weights[at]!)
      }
  }
  everyWeight((row) => counts[row + 1]!++)
  for (let i = 0; i < rows; i++) counts[i + 1]! += counts[i]!
  const places = counts.slice()
  const list: ListGraph = {
    kind: 'list',
    starts: counts,
    to: new Uint32Array(filled),
    weights: new Float64Array(filled),
  }
  everyWeight((row, other, weight) => {
    list.to[places[row]!] = other
    list.weights[places[row]!++] = weight
  })
  return list
}

function nearestGraph(x: Matrix, neighbours: number): LabelGraph {
  const others = nearestOthers(neighbourTree(x), Math.max(0, neighbours - 1))
  const k = others.k + 1
  const to = new Uint32Array(x.rows * k)
  for (let i = 0; i < x.rows; i++) {
    to[i * k] = i
    to.set(others.rows.subarray(i * others.k, (i + 1) * others.k), i * k + 1)
  }
  const starts = Uint32Array.from({ length: x.rows + 1 }, (_, i) => i * k)
  return { kind: 'list', starts, to, weights: new Float64Array(to.length).fill(1) }
}

function normaliseBoth(graph: LabelGraph): void {
  const incoming = new Float64Array(graph.kind === 'dense' ? graph.rows : graph.starts.length - 1)
  const factors = new Float64Array(incoming.length)
  if (graph.kind === 'dense') {
    const { rows, weights } = graph
    for (let i = 0, at = 0; i < rows; i++, at++) {
      for (let j = 0; j < i; j++, at++) {
        incoming[i]! += weights[at]!
        incoming[j]! += weights[at]!
      }
      weights[at] = 0
    }
    rootsOf(incoming, factors)
    for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j <= i; j++, at++) weights[at]! *= factors[i]! * factors[j]!
    return
  }
  const { starts, to, weights } = graph
  for (let i = 0; i < incoming.length; i++)
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      if (to[at] === i) weights[at] = 0
      incoming[to[at]!]! += weights[at]!
    }
  rootsOf(incoming, factors)
  for (let i = 0; i < incoming.length; i++)
    for (let at = starts[i]!; at < starts[i + 1]!; at++) weights[at]! *= factors[i]! * factors[to[at]!]!
}

/** 1 / √ of each sum; 1 for rows that no other row names. */
function rootsOf(incoming: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = incoming[i]! > 0 ? 1 / Math.sqrt(incoming[i]!) : 1
}

/** out = W shares, one array a class, two classes at a time. */
export function multiplyGraph(graph: LabelGraph, shares: readonly Float64Array[], out: readonly Float64Array[]): void {
  const rows = shares[0]?.length ?? 0
  for (let k = 0; k < shares.length; k += 2) {
    const [a, outA] = [shares[k]!, out[k]!]
    const [b, outB] = k + 1 < shares.length ? [shares[k + 1]!, out[k + 1]!] : [a, new Float64Array(rows)]
    if (graph.kind === 'dense') multiplyDense(graph, a, b, outA, outB)
    else for (let i = 0; i < rows; i++) multiplyList(graph, i, a, b, outA, outB)
  }
}

/** Each weight below the diagonal is fetched once and counts for both of its rows. */
function multiplyDense(
  graph: DenseGraph,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  outA.fill(0)
  outB.fill(0)
  const whole = graph.rows - (graph.rows % 4)
  for (let i = 0; i < whole; i += 4) {
    multiplyFour(graph, i, a, b, outA, outB)
    for (let row = i; row < i + 4; row++) multiplyPart(graph, row, i, a, b, outA, outB)
  }
  for (let i = whole; i < graph.rows; i++) multiplyPart(graph, i, 0, a, b, outA, outB)
}

/** Four rows at a time up to the first of them, so that no sum waits for the one before. */
function multiplyFour(
  { weights }: DenseGraph,
  i: number,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  let [p0, p1, p2, p3] = [rowStart(i), rowStart(i + 1), rowStart(i + 2), rowStart(i + 3)]
  const [x0, x1, x2, x3] = [a[i]!, a[i + 1]!, a[i + 2]!, a[i + 3]!]
  const [y0, y1, y2, y3] = [b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!]
  let [a0, a1, a2, a3] = [0, 0, 0, 0]
  let [b0, b1, b2, b3] = [0, 0, 0, 0]
  for (let j = 0; j < i; j++) {
    const x = a[j]!
    const y = b[j]!
    const w0 = weights[p0++]!
    const w1 = weights[p1++]!
    const w2 = weights[p2++]!
    const w3 = weights[p3++]!
    a0 += w0 * x
    b0 += w0 * y
    a1 += w1 * x
    b1 += w1 * y
    a2 += w2 * x
    b2 += w2 * y
    a3 += w3 * x
    b3 += w3 * y
    outA[j]! += w0 * x0 + w1 * x1 + (w2 * x2 + w3 * x3)
    outB[j]! += w0 * y0 + w1 * y1 + (w2 * y2 + w3 * y3)
  }
  outA[i]! += a0
  outB[i]! += b0
  outA[i + 1]! += a1
  outB[i + 1]! += b1
  outA[i + 2]! += a2
  outB[i + 2]! += b2
  outA[i + 3]! += a3
  outB[i + 3]! += b3
}

/** One row from a column on to the diagonal. */
function multiplyPart(
  { weights }: DenseGraph,
  i: number,
  from: number,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  const start = rowStart(i)
  const [x, y] = [a[i]!, b[i]!]
  let sumA = weights[start + i]! * x
  let sumB = weights[start + i]! * y
  for (let j = from; j < i; j++) {
    const weight = weights[start + j]!
    sumA += weight * a[j]!
    sumB += weight * b[j]!
    outA[j]! += weight * x
    outB[j]! += weight * y
  }
  outA[i]! += sumA
  outB[i]! += sumB
}

function multiplyList(
  { starts, to, weights }: ListGraph,
  i: number,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  let sumA = 0
  let sumB = 0
  for (let at = starts[i]!, end = starts[i + 1]!; at < end; at++) {
    sumA += weights[at]! * a[to[at]!]!
    sumB += weights[at]! * b[to[at]!]!
  }
  outA[i] = sumA
  outB[i] = sumB
}
