import { sortedOrder } from '../statistics/ranks.ts'

/** Scores sorted once, so that any number of weightings (bootstrap, groups) can be read off in linear time. */
export interface Ranking {
  /** Row numbers by falling score. */
  readonly order: Uint32Array
  /** 1 at the last position of each run of equal scores. */
  readonly ends: Uint8Array
  /** 1 for the positive class, by row. */
  readonly labels: ArrayLike<number>
  readonly scores: Float64Array
}

export function rank(labels: ArrayLike<number>, scores: Float64Array): Ranking {
  const order = sortedOrder(scores).reverse()
  const ends = new Uint8Array(order.length)
  for (let i = 0; i < order.length; i++)
    if (i === order.length - 1 || scores[order[i]!] !== scores[order[i + 1]!]) ends[i] = 1
  return { order, ends, labels, scores }
}

/** Area under the ROC curve: P(a positive scores higher) + P(equal) / 2. NaN when a class is absent. */
export function rocAuc({ order, ends, labels }: Ranking, weights?: Float64Array): number {
  let positives = 0
  let negatives = 0
  let runPositives = 0
  let runNegatives = 0
  let area = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const weight = weights ? weights[row]! : 1
    if (labels[row] === 1) runPositives += weight
    else runNegatives += weight
    if (ends[i] === 0) continue
    area += runNegatives * (positives + runPositives / 2)
    positives += runPositives
    negatives += runNegatives
    runPositives = 0
    runNegatives = 0
  }
  return area / (positives * negatives)
}

/** Average precision: Σ (recall step) x precision, no interpolation (as scikit-learn). 0 without positives, as there. */
export function averagePrecision({ order, ends, labels }: Ranking, weights?: Float64Array): number {
  let positives = 0
  let all = 0
  let run = 0
  let sum = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const weight = weights ? weights[row]! : 1
    all += weight
    if (labels[row] === 1) run += weight
    if (ends[i] === 0) continue
    positives += run
    if (run > 0) sum += (run * positives) / all
    run = 0
  }
  return positives > 0 ? sum / positives : 0
}

/** Points of a curve; `thresholds[i]` is the lowest score that counts as positive there. */
export interface RankingCurve {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly thresholds: Float64Array
}

/** Cumulated weights of positives and negatives at the end of each run of equal scores. */
function cumulate({ order, ends, labels, scores }: Ranking, weights?: Float64Array) {
  const positives: number[] = []
  const negatives: number[] = []
  const thresholds: number[] = []
  let positive = 0
  let negative = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const weight = weights ? weights[row]! : 1
    if (labels[row] === 1) positive += weight
    else negative += weight
    if (ends[i] === 0) continue
    positives.push(positive)
    negatives.push(negative)
    thresholds.push(scores[row]!)
  }
  return { positives, negatives, thresholds, positive, negative }
}

/** False positive rate against true positive rate from (0, 0) to (1, 1); the first threshold is Infinity. */
export function rocCurve(ranking: Ranking, weights?: Float64Array): RankingCurve {
  const { positives, negatives, thresholds, positive, negative } = cumulate(ranking, weights)
  return {
    x: Float64Array.of(0, ...negatives.map((value) => value / negative)),
    y: Float64Array.of(0, ...positives.map((value) => value / positive)),
    thresholds: Float64Array.of(Number.POSITIVE_INFINITY, ...thresholds),
  }
}

/** Recall against precision, recall rising from 0 with precision 1. */
export function precisionRecallCurve(ranking: Ranking, weights?: Float64Array): RankingCurve {
  const { positives, negatives, thresholds, positive } = cumulate(ranking, weights)
  return {
    x: Float64Array.of(0, ...positives.map((value) => value / positive)),
    y: Float64Array.of(1, ...positives.map((value, i) => value / (value + negatives[i]!))),
    thresholds: Float64Array.of(Number.POSITIVE_INFINITY, ...thresholds),
  }
}

/** Macro one-versus-rest area over the classes that have both cases and others. `scores` is row-major. */
export function macroRocAuc(rankings: readonly Ranking[], weights?: Float64Array): number {
  const areas = rankings.map((ranking) => rocAuc(ranking, weights)).filter((area) => Number.isFinite(area))
  return areas.reduce((sum, area) => sum + area, 0) / areas.length
}

/** At most `limit` points of a curve: its ends and corners, picked by equal steps of arc length. */
export function thinCurve(curve: RankingCurve, limit = 200): RankingCurve {
  const { x, y, thresholds } = curve
  if (x.length <= limit) return curve
  const lengths = new Float64Array(x.length)
  for (let i = 1; i < x.length; i++) lengths[i] = lengths[i - 1]! + Math.hypot(x[i]! - x[i - 1]!, y[i]! - y[i - 1]!)
  const step = lengths[lengths.length - 1]! / (limit - 1)
  const kept: number[] = [0]
  for (let i = 1; i < x.length - 1; i++) if (lengths[i]! >= kept.length * step) kept.push(i)
  kept.push(x.length - 1)
  const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!)
  return { x: pick(x), y: pick(y), thresholds: pick(thresholds) }
}
