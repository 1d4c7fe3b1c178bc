import { ProblemError } from '#contract'
import { type RankingCurve, rank, rocAuc, rocCurve } from '../metrics/ranking.ts'

/** How well a score tells rows that a model was trained on from others. */
export interface MembershipReport {
  /** 0.5 is guessing. */
  readonly auc: number
  /** Largest difference of the two rates over all thresholds (Yeom et al. 2018); 0 is guessing. */
  readonly advantage: number
  /** What is surely known of a few: share of members found where at most this share of others is taken for members. */
  readonly truePositiveRates: readonly { readonly falsePositiveRate: number; readonly truePositiveRate: number }[]
  readonly curve: RankingCurve
}

/** False positive rates at which a report is read off. */
const lowRates = [0.001, 0.01, 0.1]

/**
 * AUC and, because an average hides that a few are surely exposed, the true positive rate at low false positive rates
 * (Carlini et al. 2022, IEEE S&P, arXiv 2112.03570), without interpolation. Higher scores mean members.
 */
export function membershipReport(
  members: Float64Array,
  others: Float64Array,
  falsePositiveRates: readonly number[] = lowRates,
): MembershipReport {
  if (members.length === 0 || others.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'Membership can only be judged with rows the model was trained on and rows it never saw.',
      fix: 'Give rows of the training part and of the test part',
    })
  const scores = new Float64Array(members.length + others.length)
  scores.set(members)
  scores.set(others, members.length)
  if (scores.some(Number.isNaN)) throw new RangeError('a membership score is not a number')
  const ranking = rank(
    Uint8Array.from(scores, (_, row) => (row < members.length ? 1 : 0)),
    scores,
  )
  const curve = rocCurve(ranking)
  const rates = [...curve.x.keys()]
  return {
    auc: rocAuc(ranking),
    advantage: rates.reduce((most, at) => Math.max(most, curve.y[at]! - curve.x[at]!), 0),
    truePositiveRates: falsePositiveRates.map((falsePositiveRate) => {
      const within = rates.filter((at) => curve.x[at]! <= falsePositiveRate)
      return { falsePositiveRate, truePositiveRate: within.reduce((most, at) => Math.max(most, curve.y[at]!), 0) }
    }),
    curve,
  }
}
