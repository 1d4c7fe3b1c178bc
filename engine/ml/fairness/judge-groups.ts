import type { GroupFigures } from '#contract'
import { calibrationCurve, calibrationError } from '../metrics/calibration.ts'
import { requireNumbers } from '../usable-targets.ts'
import {
  differenceEstimate,
  type RowTest,
  ratioEstimate,
  type Share,
  shareEstimate,
  sharesByGroup,
} from './group-shares.ts'
import type { Groups } from './protected-groups.ts'

/** What happened to each row; 1 is favourable. */
export interface Decisions {
  /** What is judged: the model's decision, or the label itself. */
  readonly favourable: Uint8Array
  /** The true outcome, when decisions of a model are judged. */
  readonly actual?: Uint8Array
  /** Probability of the favourable outcome. */
  readonly scores?: Float64Array
  readonly weights?: Float64Array
}

/** All shares of all groups; the figures and gaps are made from these. */
export interface JudgedGroups {
  readonly groups: Groups
  readonly small: readonly boolean[]
  readonly reference: number
  readonly rate: readonly Share[]
  readonly truePositive?: readonly Share[]
  readonly falsePositive?: readonly Share[]
  readonly precision?: readonly Share[]
  readonly falseOmission?: readonly Share[]
  readonly accuracy?: readonly Share[]
  /** Expected calibration error over ten bins; null without rows. */
  readonly calibration?: readonly (number | null)[]
}

/** Fewer rows than this, or fewer than five favourable or unfavourable ones to be expected, are too few to judge by. */
export const smallBelow = 30

function smallGroups(rate: readonly Share[]): boolean[] {
  const rows = rate.reduce((sum, share) => sum + share.rows, 0)
  const pooled = rate.reduce((sum, share) => sum + (share.value ?? 0) * share.rows, 0) / rows
  return rate.map((share) => share.rows < smallBelow || share.rows * Math.min(pooled, 1 - pooled) < 5)
}

/** The named group, else the one with the highest rate among groups large enough (among all when none is); never the missing one. */
function referenceGroup({ names, missing }: Groups, rate: readonly Share[], small: readonly boolean[], named: string) {
  const index = names.indexOf(named)
  if (index >= 0) return index
  const known = rate.map((_, group) => group).filter((group) => group !== missing && rate[group]!.value !== null)
  const large = known.filter((group) => !small[group])
  const best = (large.length > 0 ? large : known).reduce(
    (best, group) => (best < 0 || rate[group]!.value! > rate[best]!.value! ? group : best),
    -1,
  )
  return Math.max(0, best)
}

export function judgeGroups(groups: Groups, decisions: Decisions, reference = ''): JudgedGroups {
  const { favourable, actual, scores, weights } = decisions
  if (scores) requireNumbers('A fairness audit', 'prediction', scores)
  if (weights) requireNumbers('A fairness audit', 'weight', weights)
  const shares = (of: RowTest, among?: RowTest) => sharesByGroup(groups, of, among, weights)
  const decided: RowTest = (row) => favourable[row] === 1
  const rate = shares(decided)
  const small = smallGroups(rate)
  const head = { groups, small, reference: referenceGroup(groups, rate, small, reference), rate }
  if (!actual) return head
  const deserved: RowTest = (row) => actual[row] === 1
  return {
    ...head,
    truePositive: shares(decided, deserved),
    falsePositive: shares(decided, (row) => !deserved(row)),
    precision: shares(deserved, decided),
    falseOmission: shares(deserved, (row) => !decided(row)),
    accuracy: shares((row) => favourable[row] === actual[row]),
    ...(scores && { calibration: calibrationByGroup(groups, actual, scores, weights) }),
  }
}

function calibrationByGroup(
  { codes, names }: Groups,
  actual: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | undefined,
): (number | null)[] {
  return names.map((_, group) => {
    const rows = Uint32Array.from(codes.keys()).filter((row) => codes[row] === group)
    const curve = calibrationCurve(
      Uint8Array.from(rows, (row) => actual[row]!),
      Float64Array.from(rows, (row) => scores[row]!),
      weights && Float64Array.from(rows, (row) => weights[row]!),
    )
    return curve.length > 0 ? calibrationError(curve) : null
  })
}

/** Figures for the report, in the order of the groups. */
export function groupFigures(judged: JudgedGroups): GroupFigures[] {
  const { groups, rate, reference } = judged
  const against = rate[reference]!
  const estimate = (shares: readonly Share[] | undefined, group: number) => shares && shareEstimate(shares[group]!)
  return groups.names.map((name, group) => ({
    group: name,
    reference: group === reference,
    rows: rate[group]!.rows,
    small: judged.small[group]!,
    rate: shareEstimate(rate[group]!),
    ratio: group === reference ? { value: 1, n: against.rows } : ratioEstimate(rate[group]!, against),
    difference: group === reference ? { value: 0, n: against.rows } : differenceEstimate(rate[group]!, against),
    ...defined({
      truePositiveRate: estimate(judged.truePositive, group),
      falsePositiveRate: estimate(judged.falsePositive, group),
      precision: estimate(judged.precision, group),
      falseOmissionRate: estimate(judged.falseOmission, group),
      accuracy: estimate(judged.accuracy, group),
      calibrationError: judged.calibration && { value: judged.calibration[group]!, n: rate[group]!.rows },
    }),
  }))
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
