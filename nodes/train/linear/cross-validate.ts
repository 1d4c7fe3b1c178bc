import type { Estimate } from '#contract'
import type { Random } from '#ml/random/random'
import { studentTQuantile } from '#ml/statistics/student-t'

/** Fold of each row: every class is dealt out evenly, in an order drawn from `random`. */
export function stratifiedFolds(codes: ArrayLike<number>, folds: number, random: Random): Uint8Array {
  const assigned = new Uint8Array(codes.length)
  const dealt = new Map<number, number>()
  let start = 0
  for (const row of random.permutation(codes.length)) {
    const code = codes[row]!
    const next = dealt.get(code) ?? start++
    assigned[row] = next % folds
    dealt.set(code, next + 1)
  }
  return assigned
}

/** Row numbers inside and outside a fold. */
export function foldRows(
  assigned: Uint8Array,
  fold: number,
): { readonly fit: Uint32Array; readonly held: Uint32Array } {
  const rows = Uint32Array.from(assigned.keys())
  return { fit: rows.filter((row) => assigned[row] !== fold), held: rows.filter((row) => assigned[row] === fold) }
}

/** Mean of the folds' scores with Student's t interval; folds whose score is undefined are left out. */
export function meanOfFolds(scores: readonly number[], n: number): Estimate {
  const known = scores.filter((score) => Number.isFinite(score))
  if (known.length === 0) return { value: null, n }
  const value = known.reduce((sum, score) => sum + score, 0) / known.length
  if (known.length < 2) return { value, n }
  const squares = known.reduce((sum, score) => sum + (score - value) ** 2, 0)
  const error = Math.sqrt(squares / (known.length - 1) / known.length)
  const spread = studentTQuantile(0.975, known.length - 1) * error
  return { value, low: value - spread, high: value + spread, n }
}
