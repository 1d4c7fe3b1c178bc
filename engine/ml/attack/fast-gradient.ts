import { rowOf } from '../explain/score-rows.ts'
import { dot } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import { type AttackSpace, clipInto, freeColumns, type Norm } from './attack-space.ts'
import { lossSlopes } from './logit-slopes.ts'
import { checkAttacked, checkFinite, checkRadius, type WhiteVictim } from './victim.ts'

export interface FastGradientOptions {
  /** The largest distance from the row, in the units of the columns. */
  readonly radius: number
  /** `linf` unless told. */
  readonly norm?: Norm
}

/**
 * Fast gradient method (Goodfellow, Shlens & Szegedy 2015, ICLR, arXiv 1412.6572): one step of the whole radius up the
 * cross-entropy of the row's own class, x + radius · sign(g) (sign of 0 is 0) or x + radius · g / |g|, then clipped to the
 * space. Every row is attacked, also one that is already misclassified.
 */
export async function fastGradient(
  victim: WhiteVictim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  { radius, norm = 'linf' }: FastGradientOptions,
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  checkFinite(rows)
  checkRadius(radius)
  const free = freeColumns(space)
  const moved = matrix(rows.rows, rows.columns, rows.values.slice())
  addSteps(norm, radius, free, moved, (await lossSlopes(victim, rows, classOf)).slopes)
  clipInto(space, free, rows.values, moved.values)
  return attackOutcome(victim, rows, moved, classOf, norm)
}

/** Moves each row by `length` in the direction in which the slope is steepest for the norm; not at all where it is 0. */
export function addSteps(norm: Norm, length: number, free: Uint8Array, rows: Matrix, slopes: Float64Array): void {
  for (let row = 0; row < rows.rows; row++) {
    const own = rowOf(rows, row)
    const slope = slopes.subarray(row * rows.columns, (row + 1) * rows.columns).map((by, j) => (free[j] ? by : 0))
    const size = norm === 'l2' ? Math.sqrt(dot(slope, slope)) : 1
    if (size > 0)
      slope.forEach((by, j) => {
        own[j]! += length * (norm === 'l2' ? by / size : Math.sign(by))
      })
  }
}
