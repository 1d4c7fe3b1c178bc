import type { Cells } from '#contract'
import type { Random } from '../random/random.ts'
import { incompleteBeta } from '../statistics/beta.ts'
import type { ImportanceOf } from './feature-importance.ts'

export type BorutaVerdict = 'confirmed' | 'rejected' | 'tentative'

export interface BorutaFeature {
  readonly verdict: BorutaVerdict
  /** Runs in which it beat the best shadow, of those it took part in. */
  readonly hits: number
  readonly runs: number
  /** Mean importance over its runs. */
  readonly importance: number
}

export interface BorutaOptions {
  /** Default 100. */
  readonly runs?: number
  /** Level of either decision, Bonferroni-corrected over the features. Default 0.01. */
  readonly alpha?: number
}

/** Fewer shadows than this are too easy to beat: they are shuffled several times over. */
const leastShadows = 5

/**
 * Boruta (Kursa & Rudnicki 2010, "Feature selection with the Boruta package", JSS 36(11)), with the defaults of the R
 * package: in every run each feature competes with shuffled copies of all; a feature is hit when it beats the best
 * of them. Against a fair coin, significantly many hits confirm it, significantly few reject it. Rejected features
 * leave, the run ends when none is undecided. The importance measure is handed in (the R package takes the Z score of
 * permutation importance).
 */
export async function boruta<C extends Float64Array | Cells>(
  columns: readonly C[],
  importanceOf: ImportanceOf<C>,
  random: Random,
  options: BorutaOptions = {},
): Promise<readonly BorutaFeature[]> {
  const states = columns.map(() => ({ verdict: 'tentative' as BorutaVerdict, hits: 0, runs: 0, importance: 0 }))
  const most = options.runs ?? 100
  for (let run = 0; run < most && states.some(({ verdict }) => verdict === 'tentative'); run++) {
    const active = Array.from(states.keys()).filter((feature) => states[feature]!.verdict !== 'rejected')
    const own = active.map((feature) => columns[feature]!)
    const shadows = shuffledCopies(own, random.split(run))
    const scores = await importanceOf([...own, ...shadows], run)
    const best = scores.subarray(own.length).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    active.forEach((feature, place) => {
      const state = states[feature]!
      state.runs++
      state.importance += scores[place]!
      if (scores[place]! > best) state.hits++
    })
    for (const state of states)
      if (state.verdict === 'tentative') state.verdict = judgeHits(state, (options.alpha ?? 0.01) / columns.length)
  }
  return states.map((state) => ({ ...state, importance: state.runs > 0 ? state.importance / state.runs : 0 }))
}

function shuffledCopies<C extends Float64Array | Cells>(columns: readonly C[], random: Random): C[] {
  const times = Math.max(1, Math.ceil(leastShadows / Math.max(1, columns.length)))
  return Array.from({ length: times }, () => columns).flatMap((all) =>
    all.map((column) => shuffledCopy(column, random) as C),
  )
}

function shuffledCopy(column: Float64Array | Cells, random: Random): Float64Array | Cells {
  if (column instanceof Float64Array) return random.shuffle(column.slice())
  if (column.kind === 'number') return { ...column, values: random.shuffle(column.values.slice()) }
  return { ...column, codes: random.shuffle(column.codes.slice()) }
}

/** What so many hits say at a level: binomial tails for a fair coin, P(X ≥ h) = I½(h, n - h + 1). */
export function judgeHits(
  { hits, runs }: { readonly hits: number; readonly runs: number },
  alpha: number,
): BorutaVerdict {
  const many = hits === 0 ? 1 : incompleteBeta(hits, runs - hits + 1, 0.5, 0.5).lower
  if (many < alpha) return 'confirmed'
  const few = hits === runs ? 1 : incompleteBeta(hits + 1, runs - hits, 0.5, 0.5).upper
  return few < alpha ? 'rejected' : 'tentative'
}
