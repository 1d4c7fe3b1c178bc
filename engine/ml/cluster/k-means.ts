import { ProblemError } from '#contract'
import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { centred, columnMeans, requireComplete } from '../reduce/complete-matrix.ts'
import { assignRows, gapSquare } from './assign-rows.ts'

export interface KMeansOptions {
  /** First centres [clusters, columns]; without them k-means++ draws some. */
  readonly initial?: Matrix
  /** How often to begin anew, the smallest inertia wins. Default 1, as scikit-learn's `auto` for k-means++. */
  readonly starts?: number
  /** Default 300. */
  readonly rounds?: number
  /** Ends when centres move less than this share of the mean variance of the columns. Default 1e-4. */
  readonly tolerance?: number
}

export interface KMeans {
  readonly centres: Matrix
  readonly labels: Int32Array
  /** Sum of squared distances to the own centre. */
  readonly inertia: number
  readonly rounds: number
}

/**
 * k-means by Lloyd's rounds (Lloyd 1982, doi 10.1109/TIT.1982.1056489), with scikit-learn's order of steps and its
 * rules for the end and for empty clusters, so that the same first centres give the same result.
 */
export function kMeans(x: Matrix, clusters: number, random: Random, options: KMeansOptions = {}): KMeans {
  requireComplete(x, 'k-means', 1)
  if (clusters < 1 || clusters > x.rows) refuse(clusters, x.rows)
  const mean = columnMeans(x)
  const points = centred(x, mean)
  const tolerance = (options.tolerance ?? 1e-4) * meanVariance(points)
  let best: KMeans | undefined
  for (let start = 0; start < (options.initial ? 1 : (options.starts ?? 1)); start++) {
    const initial = options.initial
      ? centred(options.initial, mean)
      : spreadCentres(points, clusters, random.split(start))
    const own = lloyd(points, initial, options.rounds ?? 300, tolerance)
    if (!best || own.inertia < best.inertia) best = own
  }
  const { centres, ...rest } = best!
  const shifted = centres.values.map((value, at) => value + mean[at % x.columns]!)
  return { ...rest, centres: matrix(clusters, x.columns, shifted) }
}

function refuse(clusters: number, rows: number): never {
  throw new ProblemError({
    code: 'parameter-bad',
    message: `k-means was asked for ${clusters} clusters of ${rows} rows.`,
    fix: `Choose 1 to ${rows} clusters.`,
  })
}

function meanVariance({ values, rows, columns }: Matrix): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!
  return sum / (rows * columns)
}

/**
 * k-means++ (Arthur & Vassilvitskii 2007): each next centre is drawn with probability in proportion to the squared distance
 * to the nearest one so far; of 2 + ln k draws the one that lowers the sum most is taken, as in scikit-learn.
 */
export function spreadCentres(x: Matrix, clusters: number, random: Random): Matrix {
  const { rows, columns, values } = x
  const centres = matrix(clusters, columns)
  const take = (row: number, k: number) =>
    centres.values.set(values.subarray(row * columns, (row + 1) * columns), k * columns)
  const trials = 2 + Math.floor(Math.log(clusters))
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  let candidate = new Float64Array(rows)
  let best = new Float64Array(rows)
  take(random.integer(rows), 0)
  lowerDistances(x, centres.values, 0, nearest, nearest)
  for (let k = 1; k < clusters; k++) {
    let least = Number.POSITIVE_INFINITY
    for (let trial = 0; trial < trials; trial++) {
      const row = drawByWeight(nearest, random)
      const sum = lowerDistances(x, values, row * columns, nearest, candidate)
      if (sum >= least) continue
      least = sum
      take(row, k)
      const spare = best
      best = candidate
      candidate = spare
    }
    nearest.set(best)
  }
  return centres
}

/** Squared distances to one more centre, where smaller; returns their sum. */
function lowerDistances(x: Matrix, centre: Float64Array, at: number, from: Float64Array, to: Float64Array): number {
  let sum = 0
  for (let row = 0; row < x.rows; row++) {
    const square = gapSquare(x.values, row * x.columns, centre, at, x.columns)
    to[row] = Math.min(from[row]!, square)
    sum += to[row]!
  }
  return sum
}

/** A row drawn in proportion to its weight; any row when all weigh 0. */
function drawByWeight(weights: Float64Array, random: Random): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]!
  if (!(total > 0)) return random.integer(weights.length)
  let rest = random.uniform() * total
  let last = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    last = i
    rest -= weights[i]!
    if (rest < 0) break
  }
  return last
}

function lloyd(x: Matrix, initial: Matrix, most: number, tolerance: number): KMeans {
  const { columns } = x
  let centres = initial
  let labels: Int32Array = new Int32Array(x.rows).fill(-1)
  let spare: Int32Array = new Int32Array(x.rows)
  let rounds = 0
  let settled = false
  while (rounds < most && !settled) {
    rounds++
    assignRows(x, centres, spare)
    const next = meansOfClusters(x, spare, centres)
    let moved = 0
    for (let k = 0; k < centres.rows; k++)
      moved += gapSquare(next.values, k * columns, centres.values, k * columns, columns)
    centres = next
    settled = spare.every((label, row) => label === labels[row])
    const before = labels
    labels = spare
    spare = before
    if (settled || moved > tolerance) continue
    break
  }
  if (!settled) assignRows(x, centres, labels)
  let inertia = 0
  for (let row = 0; row < x.rows; row++)
    inertia += gapSquare(x.values, row * columns, centres.values, labels[row]! * columns, columns)
  return { centres, labels, inertia, rounds }
}

/**
 * Means of the labelled rows; an empty cluster takes the row that lies furthest from its centre. A cluster of that row
 * alone is left at the mean of all, as scikit-learn leaves it.
 */
function meansOfClusters(x: Matrix, labels: Int32Array, centres: Matrix): Matrix {
  const { columns, values } = x
  const sums = matrix(centres.rows, columns)
  const counts = new Float64Array(centres.rows)
  for (let row = 0, at = 0; row < x.rows; row++) {
    const to = labels[row]! * columns
    counts[labels[row]!]! += 1
    for (let j = 0; j < columns; j++, at++) sums.values[to + j]! += values[at]!
  }
  const empty = Array.from(counts.keys()).filter((k) => counts[k] === 0)
  if (empty.length > 0) fillEmpty(x, labels, centres, sums, counts, empty)
  for (let at = 0; at < sums.values.length; at++) sums.values[at]! /= Math.max(1, counts[Math.floor(at / columns)]!)
  return sums
}

function fillEmpty(
  x: Matrix,
  labels: Int32Array,
  centres: Matrix,
  sums: Matrix,
  counts: Float64Array,
  empty: readonly number[],
): void {
  const { columns, values } = x
  const distances = Float64Array.from(labels, (label, row) =>
    gapSquare(values, row * columns, centres.values, label * columns, columns),
  )
  const furthest = Array.from(labels.keys()).sort((a, b) => distances[b]! - distances[a]! || a - b)
  empty.forEach((cluster, rank) => {
    const row = furthest[rank]!
    const from = labels[row]!
    for (let j = 0; j < columns; j++) {
      sums.values[cluster * columns + j] = values[row * columns + j]!
      sums.values[from * columns + j]! -= values[row * columns + j]!
    }
    counts[cluster] = 1
    counts[from]! -= 1
  })
}
