import { nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import type { Matrix } from '../matrix.ts'
import type { LabelKernel, PropagationOptions } from './propagate-labels.ts'

/** A weighted graph over rows: all pairs, or a list of neighbours of equal length for every row. */
export type LabelGraph =
  | { readonly kind: 'dense'; readonly rows: number; readonly weights: Float64Array }
  | { readonly kind: 'list'; readonly k: number; readonly to: Uint32Array; readonly weights: Float64Array }

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

function radialGraph(x: Matrix, gamma: number): LabelGraph {
  const { rows, columns, values } = x
  const weights = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    weights[i * rows + i] = 1
    for (let other = 0; other < i; other++) {
      let square = 0
      for (let a = i * columns, b = other * columns, end = a + columns; a < end; a++, b++) {
        const gap = values[a]! - values[b]!
        square += gap * gap
      }
      const weight = Math.exp(-gamma * square)
      weights[i * rows + other] = weight
      weights[other * rows + i] = weight
    }
  }
  return { kind: 'dense', rows, weights }
}

function nearestGraph(x: Matrix, neighbours: number): LabelGraph {
  const others = nearestOthers(neighbourTree(x), Math.max(0, neighbours - 1))
  const k = others.k + 1
  const to = new Uint32Array(x.rows * k)
  for (let i = 0; i < x.rows; i++) {
    to[i * k] = i
    to.set(others.rows.subarray(i * others.k, (i + 1) * others.k), i * k + 1)
  }
  return { kind: 'list', k, to, weights: new Float64Array(to.length).fill(1) }
}

function normaliseRows(graph: LabelGraph): void {
  const width = graph.kind === 'dense' ? graph.rows : graph.k
  for (let from = 0; from < graph.weights.length; from += width) {
    let sum = 0
    for (let at = from; at < from + width; at++) sum += graph.weights[at]!
    for (let at = from; at < from + width; at++) graph.weights[at]! /= sum
  }
}

function normaliseBoth(graph: LabelGraph): void {
  const { weights } = graph
  const width = graph.kind === 'dense' ? graph.rows : graph.k
  const rows = weights.length / width
  const incoming = new Float64Array(rows)
  const end = (at: number, i: number) => (graph.kind === 'dense' ? at - i * width : graph.to[at]!)
  for (let i = 0; i < rows; i++)
    for (let at = i * width; at < (i + 1) * width; at++) {
      if (end(at, i) === i) weights[at] = 0
      incoming[end(at, i)]! += weights[at]!
    }
  const factors = incoming.map((sum) => (sum > 0 ? 1 / Math.sqrt(sum) : 1))
  for (let i = 0; i < rows; i++)
    for (let at = i * width; at < (i + 1) * width; at++) weights[at]! *= factors[i]! * factors[end(at, i)]!
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
    const product = graph.kind === 'dense' ? multiplyDense : multiplyList
    for (let i = 0; i < rows; i++)
      if (!skip || skip[i] === 0) product(graph as never, i, shares[k]!, shares[other]!, out[k]!, out[other]!)
  }
}

function multiplyDense(
  { rows, weights }: Extract<LabelGraph, { kind: 'dense' }>,
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
  { k, to, weights }: Extract<LabelGraph, { kind: 'list' }>,
  i: number,
  a: Float64Array,
  b: Float64Array,
  outA: Float64Array,
  outB: Float64Array,
): void {
  let sumA = 0
  let sumB = 0
  for (let at = i * k; at < (i + 1) * k; at++) {
    sumA += weights[at]! * a[to[at]!]!
    sumB += weights[at]! * b[to[at]!]!
  }
  outA[i] = sumA
  outB[i] = sumB
}
