import type { Estimate } from '#contract'
import { katz } from '../statistics/katz.ts'
import { newcombe } from '../statistics/newcombe.ts'
import { wilson } from '../statistics/wilson.ts'
import type { Groups } from './protected-groups.ts'

/**
 * A weighted share of the rows of a group. Intervals use the effective number of rows, (Σ w)² / Σ w² (Kish 1965, Survey
 * Sampling, 11.7), which is their number without weights.
 */
export interface Share {
  readonly value: number | null
  readonly effective: number
  readonly rows: number
}

export type RowTest = (row: number) => boolean

/** For each group the share of the rows passing `of` among those passing `among`. */
export function sharesByGroup(
  { codes, names }: Groups,
  of: RowTest,
  among: RowTest = () => true,
  weights?: Float64Array,
): Share[] {
  const sums = new Float64Array(names.length * 4)
  for (let row = 0; row < codes.length; row++) {
    if (!among(row)) continue
    const weight = weights ? weights[row]! : 1
    const at = codes[row]! * 4
    if (of(row)) sums[at]! += weight
    sums[at + 1]! += weight
    sums[at + 2]! += weight * weight
    sums[at + 3]!++
  }
  return names.map((_, group) => {
    const [passed, all, squares, rows] = sums.subarray(group * 4, group * 4 + 4) as unknown as number[]
    return { value: all! > 0 ? passed! / all! : null, effective: squares! > 0 ? all! ** 2 / squares! : 0, rows: rows! }
  })
}

const successes = ({ value, effective }: Share) => (value ?? 0) * effective

/** The share with Wilson's interval. */
export const shareEstimate = (share: Share): Estimate => ({
  ...wilson(successes(share), share.effective),
  n: share.rows,
})

/** One share over another with Katz's interval. */
export const ratioEstimate = (a: Share, b: Share): Estimate => ({
  ...katz(successes(a), a.effective, successes(b), b.effective),
  n: a.rows,
})

/** One share minus another with Newcombe's interval. */
export const differenceEstimate = (a: Share, b: Share): Estimate => ({
  ...newcombe(successes(a), a.effective, successes(b), b.effective),
  n: a.rows,
})
