import { ProblemError } from '#contract'
import type { Groups } from '../fairness/protected-groups.ts'
import { requireNumbers } from '../usable-targets.ts'
import {
  type Counts,
  interpolateHull,
  type Measure,
  type Mixture,
  type ThresholdRule,
  thresholdPoints,
  upperHull,
} from './tradeoff-curve.ts'

/**
 * Post-processing by group thresholds (Hardt, Price & Srebro 2016, NIPS 29), as fairlearn's `ThresholdOptimizer`: each
 * group's best trade-off is the upper hull of its thresholds, points between two thresholds come from drawing one of
 * them, and the policy is the point of a grid where the constraint is the same for all groups and the objective best.
 * For equalised odds the groups meet on the lowest of their ROC curves; a group above it ignores its score at times.
 * Fit it on rows the model was not trained on.
 */
export type ThresholdConstraint =
  | 'demographic-parity'
  | 'true-positive-parity'
  | 'false-positive-parity'
  | 'equalised-odds'

export interface ThresholdOptions {
  readonly constraint: ThresholdConstraint
  /** Accuracy unless given. */
  readonly objective?: 'accuracy' | 'balanced-accuracy'
  /** Steps of the grid from 0 to 1; 1000 unless given. */
  readonly steps?: number
  /** Whether low scores may be preferred where that is better; false unless given. */
  readonly flip?: boolean
}

/** What decides for one group. */
export interface GroupPolicy {
  readonly group: string
  /** Probability of the first rule; else the second decides. */
  readonly share: number
  readonly first: ThresholdRule
  readonly second: ThresholdRule
  /** Probability that the score is ignored, and then the probability of a favourable decision. */
  readonly ignore: number
  readonly constant: number
}

export interface ThresholdPolicy {
  readonly policies: readonly GroupPolicy[]
  /** The common value of the constraint: a selection rate, a true or a false positive rate. */
  readonly level: number
  readonly objective: number
}

const measures: Readonly<Record<Exclude<ThresholdConstraint, 'equalised-odds'>, Measure>> = {
  'demographic-parity': (c) => (c.truePositives + c.falsePositives) / (c.positives + c.negatives),
  'true-positive-parity': (c) => c.truePositives / c.positives,
  'false-positive-parity': (c) => c.falsePositives / c.negatives,
}
const objectives: Readonly<Record<'accuracy' | 'balanced-accuracy', Measure>> = {
  accuracy: (c) => (c.truePositives + c.negatives - c.falsePositives) / (c.positives + c.negatives),
  'balanced-accuracy': (c) => 0.5 * (c.truePositives / c.positives + 1 - c.falsePositives / c.negatives),
}

/** Scores from low to favourable, actual outcomes 1 = favourable; every group needs both outcomes. */
export function fitThresholds(
  scores: Float64Array,
  actual: Uint8Array,
  groups: Groups,
  options: ThresholdOptions,
): ThresholdPolicy {
  requireNumbers('A threshold policy', 'prediction', scores)
  const { constraint, steps = 1000, flip = false } = options
  const objective = objectives[options.objective ?? 'accuracy']
  const odds = constraint === 'equalised-odds'
  const axes = odds
    ? { x: measures['false-positive-parity'], y: measures['true-positive-parity'] }
    : { x: measures[constraint], y: objective }
  const parts = groups.names.map((name, group) => rowsOf(name, group, scores, actual, groups))
  const curves = parts.map((part) =>
    interpolateHull(upperHull(thresholdPoints(part.scores, part.actual, axes, flip)), steps),
  )
  if (odds) return meetOnLowest(groups.names, curves, actual, objective)
  const weigh = (k: number) =>
    curves.reduce((sum, curve, group) => sum + (parts[group]!.actual.length / actual.length) * curve[k]!.y, 0)
  const best = indexOfBest(steps + 1, weigh)
  const policies = curves.map((curve, group) => policyOf(groups.names[group]!, curve[best]!, 0, 0))
  return { policies, level: best / steps, objective: weigh(best) }
}

function rowsOf(name: string, group: number, scores: Float64Array, actual: Uint8Array, groups: Groups) {
  const rows = [...scores.keys()].filter((row) => groups.codes[row] === group)
  const own = Uint8Array.from(rows, (row) => actual[row]!)
  if (!own.includes(0) || !own.includes(1))
    throw new ProblemError({
      code: 'rows-missing',
      message: `The group ${name} has only one outcome, so its thresholds can not be chosen.`,
      fix: 'Leave this group out, join it with another, or use more rows.',
    })
  return { scores: Float64Array.from(rows, (row) => scores[row]!), actual: own }
}

function meetOnLowest(
  names: readonly string[],
  curves: readonly (readonly Mixture[])[],
  actual: Uint8Array,
  objective: Measure,
): ThresholdPolicy {
  const positives = actual.reduce((sum, value) => sum + value, 0)
  const negatives = actual.length - positives
  const lowest = (k: number) => Math.min(...curves.map((curve) => curve[k]!.y))
  const value = (k: number) => {
    const counts: Counts = {
      truePositives: positives * lowest(k),
      falsePositives: negatives * curves[0]![k]!.x,
      positives,
      negatives,
    }
    return Math.round(objective(counts) * 1e15) / 1e15
  }
  const best = indexOfBest(curves[0]!.length, value)
  const level = curves[0]![best]!.x
  const policies = curves.map((curve, group) => {
    const { x, y } = curve[best]!
    return policyOf(names[group]!, curve[best]!, y === x ? 0 : (y - lowest(best)) / (y - x), level)
  })
  return { policies, level, objective: value(best) }
}

/** The first index with the largest value. */
function indexOfBest(length: number, value: (index: number) => number): number {
  const values = Array.from({ length }, (_, index) => value(index))
  return values.indexOf(Math.max(...values))
}

const policyOf = (group: string, { share, first, second }: Mixture, ignore: number, constant: number): GroupPolicy => ({
  group,
  share,
  first,
  second,
  ignore,
  constant,
})

/** The probability of a favourable decision for a score under a group's policy. */
export function favourableChance({ share, first, second, ignore, constant }: GroupPolicy, score: number): number {
  return ignore * constant + (1 - ignore) * (share * decide(first, score) + (1 - share) * decide(second, score))
}

const decide = ({ side, threshold }: ThresholdRule, score: number) =>
  (side === 'above' ? score > threshold : score < threshold) ? 1 : 0
