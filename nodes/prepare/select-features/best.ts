import { ProblemError, type RunContext } from '#contract'
import { columnOf } from '#ml/frame'
import { type FeatureScore, scoreFeature } from '#ml/select/score-feature'
import { bestFeatures, bestShare } from '#ml/select/take-best'
import { formatInteger, formatNumber } from '#report/format-number'
import type { LearnerRows } from '../../train/learner.ts'
import type { Ranked } from './forests.ts'
import type { SelectParams } from './params.ts'
import { scoreTarget } from './score-target.ts'
import type { Sieve } from './selection.ts'

export const scoreLabels: Readonly<Record<FeatureScore, string>> = {
  anova: 'F',
  'chi-square': 'chi-square',
  'mutual-information': 'mutual information',
  'squared-euclidean': 'squared Euclidean divergence',
  'kullback-leibler': 'Kullback-Leibler divergence',
  'itakura-saito': 'Itakura-Saito divergence',
}

/** The features that alone tell most of the target; what must stay takes none of the places. */
export async function takeBest(
  rows: LearnerRows,
  sieve: Sieve,
  params: SelectParams,
  context: RunContext,
): Promise<Ranked> {
  const target = scoreTarget(rows)
  const { features } = sieve
  if (params.score === 'chi-square') refuseNegative(rows, features)
  const scores: number[] = []
  for (const [i, name] of features.entries()) {
    if (i % 16 === 0) await context.breathe()
    context.progress(0.6 + (0.39 * i) / features.length, name)
    scores.push(scoreFeature(columnOf(rows.frame, name).cells, target, params.score).value)
  }
  const best = params.method === 'k-best' ? bestFeatures(scores, params.keep) : bestShare(scores, params.share)
  const kept = new Set(best)
  const order = bestFeatures(scores, features.length).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const limit = Math.min(...best.map((feature) => scores[feature]!))
  const complaints = features.flatMap((feature, i) => {
    if (kept.has(i)) return []
    const rank = formatInteger(order.indexOf(i) + 1)
    const own = `${scoreLabels[params.score]} ${formatNumber(scores[i]!)}`
    const reason = `Number ${rank} of ${formatInteger(features.length)} by what it alone tells of the target (${own})`
    return [{ feature, reason, value: scores[i]!, limit: Number.isFinite(limit) ? limit : null }]
  })
  return { complaints, scores: new Map(features.map((feature, i) => [feature, scores[i]!])) }
}

/** Columns that the chi-square score of counts can not take. */
function refuseNegative({ frame }: LearnerRows, features: readonly string[]): void {
  const negative = features.filter((name) => {
    const { cells } = columnOf(frame, name)
    return cells.kind === 'number' && cells.values.some((value) => value < 0)
  })
  if (negative.length === 0) return
  const named = negative.slice(0, 5).join(', ') + (negative.length > 5 ? ` and ${negative.length - 5} more` : '')
  throw new ProblemError({
    code: 'data-bad',
    message: `${named} ${negative.length === 1 ? 'has' : 'have'} negative numbers, and the chi-square score adds up counts.`,
    path: ['params', 'score'],
    fix: 'Choose ANOVA or mutual information, or leave these columns out of learning',
    columns: negative.slice(0, 20),
  })
}
