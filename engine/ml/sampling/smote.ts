import type { DenseKernels } from '#contract'
import { type Neighbours, nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { classRows, countClasses, requireTwo, rowsToAdd, takeMatrixRows } from './class-counts.ts'

export interface OverSampleOptions {
  /** Neighbours of the same class to choose from, the row itself not counted. Default 5; small classes use all others. */
  readonly neighbours?: number
  /** Rows that each class is to have; default as many as the largest class. */
  readonly wanted?: ArrayLike<number>
  /** Finds the same neighbours sooner. */
  readonly kernels?: DenseKernels
}

/** All rows as they were, then the synthetic ones. */
export interface OverSampled {
  readonly x: Matrix
  readonly codes: Int32Array
  /** Of each synthetic row the two rows it lies between, and how far from the first to the second. */
  readonly base: Uint32Array
  readonly neighbour: Uint32Array
  readonly step: Float64Array
}

/**
 * SMOTE (Chawla et al. 2002, JAIR 16:321, doi 10.1613/jair.953) as imbalanced-learn's: a row of the class and one of its
 * nearest neighbours are drawn, and the new row lies at one random point u of the line between them, the same u for
 * all columns. Columns should be scaled alike. Covariance shrinks: new rows lie inside the old.
 */
export function smote(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  random: Random,
  options: OverSampleOptions = {},
): OverSampled {
  requireComplete(x, 'SMOTE', 1)
  const missing = rowsToAdd(countClasses(codes, classes), options.wanted)
  const pairs: DrawnPairs[] = []
  missing.forEach((count, code) => {
    if (count === 0) return
    const rows = classRows(codes, code)
    requireTwo(rows.length, 'SMOTE')
    const found = neighboursOf(takeMatrixRows(x, rows), options)
    const draws = random.split(code)
    const bases = Uint32Array.from({ length: count }, () => draws.integer(rows.length))
    pairs.push(drawPairs(code, rows, bases, found, draws))
  })
  return between(x, codes, pairs)
}

/** With so many columns a tree sorts little out. */
const manyColumns = 10

/** The nearest others of each row of a class. */
export function neighboursOf(x: Matrix, { neighbours = 5, kernels }: OverSampleOptions): Neighbours {
  if (kernels && x.columns >= manyColumns) return kernels.nearestOthers(x, neighbours)
  return nearestOthers(neighbourTree(x), neighbours)
}

export interface DrawnPairs {
  readonly code: number
  readonly base: Uint32Array
  readonly neighbour: Uint32Array
  readonly step: Float64Array
}

/** Draws a neighbour and a step for each base; bases and neighbours are places within `rows`. */
export function drawPairs(
  code: number,
  rows: Uint32Array,
  bases: Uint32Array,
  found: { readonly k: number; readonly rows: Uint32Array },
  random: Random,
): DrawnPairs {
  const base = new Uint32Array(bases.length)
  const neighbour = new Uint32Array(bases.length)
  const step = new Float64Array(bases.length)
  for (let i = 0; i < bases.length; i++) {
    base[i] = rows[bases[i]!]!
    neighbour[i] = rows[found.rows[bases[i]! * found.k + random.integer(found.k)]!]!
    step[i] = random.uniform()
  }
  return { code, base, neighbour, step }
}

/** Appends base + step (neighbour - base) for every pair. */
export function between(x: Matrix, codes: Int32Array, pairs: readonly DrawnPairs[]): OverSampled {
  const added = pairs.reduce((sum, { step }) => sum + step.length, 0)
  const { columns, values } = x
  const out = matrix(x.rows + added, columns)
  out.values.set(values)
  const all = {
    x: out,
    codes: new Int32Array(x.rows + added),
    base: new Uint32Array(added),
    neighbour: new Uint32Array(added),
    step: new Float64Array(added),
  }
  all.codes.set(codes)
  let place = 0
  for (const pair of pairs) {
    all.codes.fill(pair.code, x.rows + place, x.rows + place + pair.step.length)
    all.base.set(pair.base, place)
    all.neighbour.set(pair.neighbour, place)
    all.step.set(pair.step, place)
    place += pair.step.length
  }
  for (let i = 0, at = x.rows * columns; i < added; i++) {
    const a = all.base[i]! * columns
    const b = all.neighbour[i]! * columns
    const u = all.step[i]!
    for (let j = 0; j < columns; j++, at++) out.values[at] = values[a + j]! + u * (values[b + j]! - values[a + j]!)
  }
  return all
}
