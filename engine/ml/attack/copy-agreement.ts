import type { Matrix } from '../matrix.ts'
import { likeliest, predictAll, type Victim } from './victim.ts'

/** How alike two models are on the same rows. NaN without rows. */
export interface CopyAgreement {
  /** Share of rows to which both give the same class. */
  readonly agreement: number
  /** Mean total variation distance of their probabilities, half the sum of the differences, in [0, 1]. */
  readonly distance: number
}

/** How well a copy does as the model it was taken from. */
export async function copyAgreement(victim: Victim, copy: Victim, rows: Matrix): Promise<CopyAgreement> {
  if (victim.classes !== copy.classes) throw new RangeError('a copy has as many classes as its model')
  const [ours, theirs] = [await predictAll(copy, rows), await predictAll(victim, rows)]
  const other = likeliest(theirs, victim.classes)
  const same = likeliest(ours, victim.classes).filter((seen, row) => seen === other[row]).length
  const apart = ours.reduce((sum, chance, at) => sum + Math.abs(chance - theirs[at]!), 0) / 2
  return { agreement: same / rows.rows, distance: apart / rows.rows }
}
