import { ProblemError } from '#contract'
import { nearestRows, neighbourTree } from '../cluster/neighbour-tree.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { takeMatrixRows } from '../sampling/class-counts.ts'
import { type LabelGraph, labelGraph, multiplyGraph } from './label-graph.ts'

export type LabelKernel =
  /** Weights exp(-gamma distance²) between all rows: memory grows with the square of the rows. */
  | { readonly kind: 'rbf'; readonly gamma: number }
  /** The nearest rows, the row itself among them, weigh 1. */
  | { readonly kind: 'nearest'; readonly neighbours: number }

export interface PropagationOptions {
  /**
   * - propagation keeps the given labels (Zhu & Ghahramani 2002, CMU-CALD-02-107);
   * - spreading may change them, on the normalised graph (Zhou et al. 2004, "Learning with local and global consistency").
   */
  readonly method: 'propagation' | 'spreading'
  /** Default rbf with gamma 20. */
  readonly kernel?: LabelKernel
  /** Spreading only: the share that comes from neighbours, 0 to 1. Default 0.2. */
  readonly alpha?: number
  /** Sum of the absolute changes of a round below which it ends. Default 0.001. */
  readonly tolerance?: number
  /** Default 1000, for spreading 30. */
  readonly rounds?: number
}

export interface PropagatedLabels {
  /** Class shares [rows, classes]; all 0 for a row that no label reaches. */
  readonly shares: Matrix
  /** The class of the largest share, the first of equals; -1 for a row that no label reaches. */
  readonly codes: Int32Array
  readonly rounds: number
  readonly converged: boolean
}

export const defaultKernel: LabelKernel = { kind: 'rbf', gamma: 20 }

/** Spreads the labels of some rows over the others (code -1), with the rounds and defaults of scikit-learn. */
export function propagateLabels(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  options: PropagationOptions,
): PropagatedLabels {
  requireComplete(x, 'Label propagation', 1)
  if (codes.every((code) => code < 0)) refuseUnlabelled()
  const spreading = options.method === 'spreading'
  const kernel = options.kernel ?? defaultKernel
  const clamped = !spreading && kernel.kind === 'rbf'
  const order = clamped ? unlabelledFirst(codes) : Uint32Array.from(codes.keys())
  const graph = labelGraph(takeMatrixRows(x, order), kernel, options.method)
  const given = Array.from({ length: classes }, (_, k) => Float64Array.from(order, (row) => (codes[row] === k ? 1 : 0)))
  const whole: Walk = {
    graph,
    given,
    labelled: Uint8Array.from(order, (row) => (codes[row]! >= 0 ? 1 : 0)),
    alpha: spreading ? (options.alpha ?? 0.2) : undefined,
  }
  const walk = clamped ? withoutLabelled(whole) : whole
  const most = options.rounds ?? (spreading ? 30 : 1000)
  const { shares, rounds, converged } = iterate(walk, options.tolerance ?? 1e-3, most)
  normalise(shares, codes.length)
  const out = matrix(codes.length, classes)
  shares.forEach((column, k) => {
    for (let i = 0; i < codes.length; i++) out.values[order[i]! * classes + k] = column[i]!
  })
  return { shares: out, codes: largestShares(out), rounds, converged }
}

function unlabelledFirst(codes: Int32Array): Uint32Array {
  const rows = Uint32Array.from(codes.keys())
  const labelled = rows.filter((row) => codes[row]! >= 0)
  rows.set(rows.filter((row) => codes[row]! < 0))
  rows.set(labelled, rows.length - labelled.length)
  return rows
}

/** Labels that stay give the same in each round: it is worked out once, and the graph is cut to the other rows. */
function withoutLabelled(walk: Walk): Walk {
  const { graph, given, labelled } = walk
  if (graph.kind === 'list') return walk
  const still = given.map((column) => new Float64Array(column.length))
  multiplyGraph(graph, given, still)
  return { ...walk, still, graph: { ...graph, rows: labelled.length - labelled.reduce((sum, one) => sum + one, 0) } }
}

function refuseUnlabelled(): never {
  throw new ProblemError({
    code: 'data-bad',
    message: 'No row has a label, so there is nothing to spread.',
    fix: 'Label some rows first, of each class at least one.',
  })
}

interface Walk {
  readonly graph: LabelGraph
  readonly given: readonly Float64Array[]
  readonly labelled: Uint8Array
  readonly alpha: number | undefined
  /** What labels that stay give each row, where the graph has only the rows without. */
  readonly still?: readonly Float64Array[]
}

function iterate(walk: Walk, tolerance: number, most: number) {
  let shares = walk.given.map((column) => column.slice())
  let next = walk.given.map((column) => new Float64Array(column.length))
  let change = walk.labelled.reduce((sum, one) => sum + one, 0)
  for (let rounds = 0; rounds < most; rounds++) {
    if (change < tolerance) return { shares, rounds, converged: true }
    change = step(walk, shares, next)
    const spare = shares
    shares = next
    next = spare
  }
  return { shares, rounds: most, converged: false }
}

/** One round from `shares` to `next`; returns the sum of absolute changes. */
function step({ graph, given, labelled, alpha, still }: Walk, shares: Float64Array[], next: Float64Array[]): number {
  const rows = labelled.length
  multiplyGraph(graph, shares, next)
  still?.forEach((column, k) => {
    const to = next[k]!
    for (let i = 0; i < rows; i++) to[i]! += column[i]!
  })
  if (alpha === undefined) normalise(next, rows)
  let change = 0
  for (let k = 0; k < next.length; k++) {
    const to = next[k]!
    const from = shares[k]!
    const fixed = given[k]!
    for (let i = 0; i < rows; i++) {
      if (alpha !== undefined) to[i] = alpha * to[i]! + (1 - alpha) * fixed[i]!
      else if (labelled[i] === 1) to[i] = fixed[i]!
      change += Math.abs(to[i]! - from[i]!)
    }
  }
  return change
}

/** Makes the shares of each row add up to 1, where any is above 0. */
function normalise(shares: readonly Float64Array[], rows: number): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let k = 0; k < shares.length; k++) sum += shares[k]![i]!
    if (sum > 0) for (let k = 0; k < shares.length; k++) shares[k]![i]! /= sum
  }
}

function largestShares({ rows, columns, values }: Matrix): Int32Array {
  const codes = new Int32Array(rows).fill(-1)
  for (let i = 0; i < rows; i++) {
    let most = 0
    for (let k = 0; k < columns; k++) {
      if (values[i * columns + k]! <= most) continue
      most = values[i * columns + k]!
      codes[i] = k
    }
  }
  return codes
}

/** Class shares of new rows: those of the rows they were fitted on, weighed by the same kernel. */
export function sharesOfNewRows(
  fit: PropagatedLabels,
  fitted: Matrix,
  x: Matrix,
  kernel: LabelKernel = defaultKernel,
): Matrix {
  const classes = fit.shares.columns
  const out = matrix(x.rows, classes)
  const add = (row: number, from: number, weight: number) => {
    for (let k = 0; k < classes; k++) out.values[row * classes + k]! += weight * fit.shares.values[from * classes + k]!
  }
  if (kernel.kind === 'nearest') {
    const found = nearestRows(neighbourTree(fitted), x, kernel.neighbours)
    for (let at = 0; at < found.rows.length; at++) add(Math.floor(at / found.k), found.rows[at]!, 1)
  } else
    for (let i = 0; i < x.rows; i++)
      for (let other = 0; other < fitted.rows; other++) {
        let square = 0
        for (let j = 0; j < x.columns; j++)
          square += (x.values[i * x.columns + j]! - fitted.values[other * x.columns + j]!) ** 2
        add(i, other, Math.exp(-kernel.gamma * square))
      }
  for (let i = 0; i < x.rows; i++) {
    const row = out.values.subarray(i * classes, (i + 1) * classes)
    const sum = row.reduce((a, b) => a + b, 0)
    if (sum > 0) for (let k = 0; k < classes; k++) row[k]! /= sum
  }
  return out
}
