import { rowOf } from '../explain/score-rows.ts'
import type { Matrix } from '../matrix.ts'
import { distanceOf, type Norm } from './attack-space.ts'
import { predictedClasses, type Victim } from './victim.ts'

/** Attacked rows and what became of them. */
export interface AttackOutcome {
  /** As many as were attacked; where nothing was found, the row as it was. */
  readonly rows: Matrix
  /** The class that the model gives each of these rows. */
  readonly classes: Int32Array
  /** 1 where that is not the row's class. */
  readonly fooled: Uint8Array
  /** From the row as it was, as the attack measures. */
  readonly distances: Float64Array
  /** Share of rows that the model still classifies rightly: its accuracy under this attack. NaN without rows. */
  readonly robustAccuracy: number
}

export async function attackOutcome(
  victim: Victim,
  from: Matrix,
  to: Matrix,
  classOf: ArrayLike<number>,
  measure: Norm | ((from: Float64Array, to: Float64Array) => number),
): Promise<AttackOutcome> {
  const apart = typeof measure === 'string' ? distanceOf.bind(undefined, measure) : measure
  const classes = await predictedClasses(victim, to)
  const fooled = Uint8Array.from(classes, (found, row) => (found === classOf[row] ? 0 : 1))
  return {
    rows: to,
    classes,
    fooled,
    distances: Float64Array.from(classes, (_, row) => apart(rowOf(from, row), rowOf(to, row))),
    robustAccuracy: 1 - fooled.reduce((sum, one) => sum + one, 0) / from.rows,
  }
}
