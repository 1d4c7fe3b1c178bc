import { nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import type { Matrix } from '../matrix.ts'
import type { LabelKernel, PropagationOptions } from './propagate-labels.ts'

/** A weighted graph over rows: all pairs, or for row i the places starts[i] to starts[i + 1] of a list. */
export type LabelGraph = DenseGraph | ListGraph

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
 * Propagation: each row's weights add up to 1. Spreading: w_ij / √(d_i d_j) without the diagonal, d being the weights that
 * come in from others (SciPy's normalised Laplacian, turned around): on the directed graph of nearest rows that is not
 * symmetric, as in scikit-learn.
 */
export function labelGraph(x: Matrix, kernel: LabelKernel, method: PropagationOptions['method']): LabelGraph {
  const graph = kernel.kind === 'rbf' ? radialGraph(x, kernel.gamma) : nearestGraph(x, kernel.neighbours)
  if (method === 'spreading') normaliseBoth(graph)
  else normaliseRows(graph)
  return graph
}

/** Pairs are visited in square tiles, so that the mirrored half is written to memory that is still at hand. */
const tileRows = 64

function radialGraph(x: Matrix, gamma: number): LabelGraph {
  const { rows } = x
  const weights = new Float64Array(rows * rows)
  let filled = rows
  for (let i = 0; i < rows; i++) weights[i * rows + i] = 1
  for (let row = 0; row < rows; row += tileRows)
    for (let column = 0; column <= row; column += tileRows) filled += fillTile(x, gamma, weights, row, column)
  const graph: DenseGraph = { kind: 'dense', rows, weights }
  return filled < (1 - emptyShare) * rows * rows ? listOf(graph, filled) : graph
}

/** Writes both halves of a tile below the diagonal; returns how many weights are not 0. */
function fillTile(
  { rows, columns, values }: Matrix,
  gamma: number,
  weights: Float64Array,
  row: number,
  column: number,
): number {
  let filled = 0
  for (let i = row; i < Math.min(rows, row + tileRows); i++)
    for (let other = column; other < Math.min(i, column + tileRows); other++) {
      let square = 0
      for (let a = i * columns, b = other * columns, end = a + columns; a < end; a++, b++) {
        const gap = values[a]! - values[b]!
        square += gap * gap
      }
      const weight = Math.exp(-gamma * square)
      if (weight === 0) continue
      weights[i * rows + other] = weight
      weights[other * rows + i] = weight
      filled += 2
    }
  return filled
}

function listOf({ rows, weights }: DenseGraph, filled: number): ListGraph {
  const list = {
    kind: 'list' as const,
    starts: new Uint32Array(rows + 1),
    to: new Uint32Array(filled),
    weights: new Float64Array(filled),
  }
  let place = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      if (weights[i * rows + j] === 0) continue
      list.to[place] = j
      list.weights[place++] = weights[i * rows + j]!
    }
    list.starts[i + 1] = place
  }
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

const rowsOf = (graph: LabelGraph) => (graph.kind === 'dense' ? graph.rows : graph.starts.length - 1)
const startOf = (graph: LabelGraph, i: number) => (graph.kind === 'dense' ? i * graph.rows : graph.starts[i]!)

function normaliseRows(graph: LabelGraph): void {
  for (let i = 0; i < rowsOf(graph); i++) {
    const end = startOf(graph, i + 1)
    let sum = 0
    for (let at = startOf(graph, i); at < end; at++) sum += graph.weights[at]!
    for (let at = startOf(graph, i); at < end; at++) graph.weights[at]! /= sum
  }
}

function normaliseBoth(graph: LabelGraph): void {
  const incoming = new Float64Array(rowsOf(graph))
  const factors = new Float64Array(incoming.length)
  if (graph.kind === 'dense') {
    const { rows, weights } = graph
    for (let i = 0; i < rows; i++) {
      weights[i * rows + i] = 0
      for (let j = 0, at = i * rows; j < rows; j++, at++) incoming[j]! += weights[at]!
    }
    rootsOf(incoming, factors)
    for (let i = 0; i < rows; i++) {
      const own = factors[i]!
      for (let j = 0, at = i * rows; j < rows; j++, at++) weights[at]! *= own * factors[j]!
    }
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

/** out = W shares, one array a class, two classes at a time; rows marked in `skip` are left as they are. */
export function multiplyGraph(
  graph: LabelGraph,
  shares: readonly Float64Array[],
  out: readonly Float64Array[],
  skip?: Uint8Array,
): void {
  const rows = shares[0]?.length ?? 0
  for (let k = 0; k < shares.length; k += 2) {
    const other = Math.min(k + 1, shares.length - 1)
    const [a, b, outA, outB] = [shares[k]!, shares[other]!, out[k]!, out[other]!]
    const wanted = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => skip?.[i] !== 1)
    if (graph.kind === 'dense') {
      let at = 0
      for (; at + 3 < wanted.length; at += 4) multiplyFour(graph, wanted.subarray(at, at + 4), a, b, outA, outB)
      for (; at < wanted.length; at++) multiplyDense(graph, wanted[at]!, a, b, outA, outB)
    } else for (const i of wanted) multiplyList(graph, i, a, b, outA, outB)
  }
}

/** Four rows at a time, so that no sum waits for the one before. */
function multiplyFour(
  { rows, weights }: DenseGraph,
  chosen: Uint32Array,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  const [i0, i1, i2, i3] = chosen as unknown as [number, number, number, number]
  let [p0, p1, p2, p3] = [i0 * rows, i1 * rows, i2 * rows, i3 * rows]
  let [a0, a1, a2, a3] = [0, 0, 0, 0]
  let [b0, b1, b2, b3] = [0, 0, 0, 0]
  for (let j = 0; j < rows; j++) {
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
  }
  outA[i0] = a0
  outB[i0] = b0
  outA[i1] = a1
  outB[i1] = b1
  outA[i2] = a2
  outB[i2] = b2
  outA[i3] = a3
  outB[i3] = b3
}

function multiplyDense(
  { rows, weights }: DenseGraph,
  i: number,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  let sumA = 0
  let sumB = 0
  for (let j = 0, at = i * rows; j < rows; j++, at++) {
    const weight = weights[at]!
    sumA += weight * a[j]!
    sumB += weight * b[j]!
  }
  outA[i] = sumA
  outB[i] = sumB
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
