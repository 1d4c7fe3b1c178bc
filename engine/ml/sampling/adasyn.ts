import { ProblemError } from '#contract'
import type { Matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { classRows, countClasses, requireTwo, rowsToAdd, takeMatrixRows } from './class-counts.ts'
import { between, type DrawnPairs, drawPairs, neighboursOf, type OverSampled, type OverSampleOptions } from './smote.ts'

/**
 * ADASYN (He et al. 2008, doi 10.1109/IJCNN.2008.4633969) as imbalanced-learn's: SMOTE in which a row is the base of the
 * more new rows, the more of its nearest neighbours are of other classes. Rounding makes the classes only about equal.
 */
export function adasyn(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  random: Random,
  options: OverSampleOptions = {},
): OverSampled {
  requireComplete(x, 'ADASYN', 1)
  const missing = rowsToAdd(countClasses(codes, classes), options.wanted)
  const all = missing.some((count) => count > 0) ? neighboursOf(x, options) : undefined
  const pairs: DrawnPairs[] = []
  missing.forEach((count, code) => {
    if (count === 0 || !all) return
    const rows = classRows(codes, code)
    requireTwo(rows.length, 'ADASYN')
    const repeats = rowsPerBase(rows, codes, code, all, count)
    const found = neighboursOf(takeMatrixRows(x, rows), options)
    const bases = Uint32Array.from(Array.from(repeats).flatMap((times, place) => new Array<number>(times).fill(place)))
    pairs.push(drawPairs(code, rows, bases, found, random.split(code)))
  })
  return between(x, codes, pairs)
}

/** How many new rows each row of a class is the base of: its share of neighbours of other classes, of `count` in all. */
export function rowsPerBase(
  rows: Uint32Array,
  codes: Int32Array,
  code: number,
  all: { readonly k: number; readonly rows: Uint32Array },
  count: number,
): Uint32Array {
  const others = new Float64Array(rows.length)
  let total = 0
  for (let i = 0; i < rows.length; i++)
    for (let slot = 0; slot < all.k; slot++)
      if (codes[all.rows[rows[i]! * all.k + slot]!] !== code) {
        others[i]! += 1
        total++
      }
  if (total === 0)
    throw new ProblemError({
      code: 'not-supported',
      message: 'ADASYN adds rows where classes meet, and no row of one class has a neighbour of another.',
      fix: 'Choose SMOTE.',
    })
  return Uint32Array.from(others, (share) => roundToEven((share / total) * count))
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
