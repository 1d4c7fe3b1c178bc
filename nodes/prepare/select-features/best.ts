import type { RunContext } from '#contract'
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
export function takeBest(rows: LearnerRows, sieve: Sieve, params: SelectParams, context: RunContext): Ranked {
  const target = scoreTarget(rows)
  const { features } = sieve
  const scores = features.map((name, i) => {
    context.progress(0.6 + (0.39 * i) / features.length, name)
    return scoreFeature(columnOf(rows.frame, name).cells, target, params.score).value
  })
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
