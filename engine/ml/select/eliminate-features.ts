import type { ImportanceOf } from './feature-importance.ts'

export interface EliminationOptions {
  /** Features to keep, at least 1. */
  readonly keep: number
  /** Features dropped a round, or below 1 the share of all features. Default 1. */
  readonly step?: number
}

export interface Elimination {
  readonly kept: readonly number[]
  /** 1 for the kept, then rising the earlier a feature was dropped, as scikit-learn's `ranking_`. */
  readonly ranking: Int32Array
}

/**
 * Recursive feature elimination (Guyon et al. 2002, doi 10.1023/A:1012487302797) as scikit-learn's RFE: fit, drop the least
 * important, again. Of equally unimportant features the later column goes first.
 */
export async function eliminateFeatures<C>(
  columns: readonly C[],
  importanceOf: ImportanceOf<C>,
  options: EliminationOptions,
): Promise<Elimination> {
  const step = options.step ?? 1
  const most = Math.max(1, Math.floor(step < 1 ? step * columns.length : step))
  const keep = Math.max(1, options.keep)
  let kept = Array.from(columns.keys())
  const ranking = new Int32Array(columns.length).fill(1)
  for (let round = 0; kept.length > keep; round++) {
    const scores = await importanceOf(
      kept.map((feature) => columns[feature]!),
      round,
    )
    const worst = Array.from(kept.keys()).sort((a, b) => scores[a]! - scores[b]! || b - a)
    const dropped = new Set(worst.slice(0, Math.min(most, kept.length - keep)))
    kept = kept.filter((_, place) => !dropped.has(place))
    const left = new Set(kept)
    for (let feature = 0; feature < ranking.length; feature++) if (!left.has(feature)) ranking[feature]! += 1
  }
  return { kept, ranking }
}
