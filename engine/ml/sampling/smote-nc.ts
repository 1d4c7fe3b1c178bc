import { type Neighbours, nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { median } from '../statistics/quantiles.ts'
import { classRows, countClasses, requireTwo, rowsToAdd, takeMatrixRows } from './class-counts.ts'
import { between, type DrawnPairs, drawPairs, type OverSampled, type OverSampleOptions } from './smote.ts'

/** A column of codes, one a row and none missing, into `levels` levels. */
export interface SampledCategory {
  readonly codes: Int32Array
  readonly levels: number
}

/** As `OverSampled`, the number columns in `x`. */
export interface MixedOverSampled extends OverSampled {
  readonly categories: readonly Int32Array[]
}

/**
 * SMOTE-NC for tables of numbers and categories (Chawla et al. 2002, section 6.1) as imbalanced-learn's: two rows that
 * differ in a category are the further apart by the median of the class's standard deviations. Numbers lie between two
 * rows; each category is the most frequent among the neighbours of the first row. Among equally frequent levels that
 * of the nearest neighbour is taken, where imbalanced-learn draws one.
 */
export function smoteMixed(
  x: Matrix,
  categories: readonly SampledCategory[],
  codes: Int32Array,
  classes: number,
  random: Random,
  options: OverSampleOptions = {},
): MixedOverSampled {
  requireComplete(x, 'SMOTE-NC', 1)
  const missing = rowsToAdd(countClasses(codes, classes), options.wanted)
  const pairs: DrawnPairs[] = []
  const added = categories.map((): number[] => [])
  missing.forEach((count, code) => {
    if (count === 0) return
    const rows = classRows(codes, code)
    requireTwo(rows.length, 'SMOTE-NC')
    const found = mixedNeighbours(x, categories, rows, options.neighbours ?? 5)
    const draws = random.split(code)
    const bases = Uint32Array.from({ length: count }, () => draws.integer(rows.length))
    pairs.push(drawPairs(code, rows, bases, found, draws))
    categories.forEach((category, c) => {
      for (const base of bases) added[c]!.push(frequentLevel(category.codes, rows, found, base))
    })
  })
  const merged = categories.map((category, c) => {
    const out = new Int32Array(category.codes.length + added[c]!.length)
    out.set(category.codes)
    out.set(added[c]!, category.codes.length)
    return out
  })
  return { ...between(x, codes, pairs), categories: merged }
}

/** Nearest rows of the class by numbers and categories, as places within `rows`. */
export function mixedNeighbours(
  x: Matrix,
  categories: readonly SampledCategory[],
  rows: Uint32Array,
  neighbours: number,
): Neighbours {
  const numbers = takeMatrixRows(x, rows)
  const gap = medianDeviation(numbers) / Math.SQRT2
  const width = x.columns + categories.reduce((sum, { levels }) => sum + levels, 0)
  const points = matrix(rows.length, width)
  for (let i = 0; i < rows.length; i++) {
    points.values.set(numbers.values.subarray(i * x.columns, (i + 1) * x.columns), i * width)
    let at = i * width + x.columns
    for (const { codes, levels } of categories) {
      points.values[at + codes[rows[i]!]!] = gap
      at += levels
    }
  }
  return nearestOthers(neighbourTree(points), neighbours)
}

/** Median over the columns of their population standard deviations; 0 without columns. */
function medianDeviation(x: Matrix): number {
  if (x.columns === 0) return 0
  const deviations = Float64Array.from({ length: x.columns }, (_, j) => {
    let mean = 0
    for (let i = 0; i < x.rows; i++) mean += x.values[i * x.columns + j]! / x.rows
    let squares = 0
    for (let i = 0; i < x.rows; i++) squares += (x.values[i * x.columns + j]! - mean) ** 2
    return Math.sqrt(squares / x.rows)
  })
  return median(deviations)
}

function frequentLevel(codes: Int32Array, rows: Uint32Array, found: Neighbours, base: number): number {
  let best = -1
  let most = 0
  for (let a = 0; a < found.k; a++) {
    const level = codes[rows[found.rows[base * found.k + a]!]!]!
    let count = 0
    for (let b = 0; b < found.k; b++) if (codes[rows[found.rows[base * found.k + b]!]!] === level) count++
    if (count <= most) continue
    most = count
    best = level
  }
  return best
}
