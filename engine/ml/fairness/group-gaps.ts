import type { Estimate, Metric } from '#contract'
import { differenceEstimate, ratioEstimate, type Share } from './group-shares.ts'
import { type JudgedGroups, smallBelow } from './judge-groups.ts'

/**
 * The figures gates ask for, one set an attribute. Gaps are the largest difference between any two groups, never
 * negative (Fairlearn's definitions); average odds is aif360's half sum against the reference group, its largest size.
 * Groups too few to judge by count only where fewer than two others are left. Intervals are for the two groups that
 * were found, without a correction for having picked them.
 */
export function groupGaps(judged: JudgedGroups, column: string): Metric[] {
  const words = column.replaceAll('+', ' × ').replace(/_+/g, ' ')
  const metric = (name: string, label: string, better: Metric['better'], estimate: Estimate | undefined): Metric[] =>
    estimate ? [{ name: `fairness.${name}.${column}`, label: `${label}, ${words}`, better, ...estimate }] : []
  const { rate, truePositive, falsePositive, precision, falseOmission } = judged
  return [
    ...metric('ratio', 'Lowest ratio', 'high', lowestRatio(judged)),
    ...metric('parity', 'Parity gap', 'zero', largestGap(judged, rate)),
    ...metric('equal-opportunity', 'Equal opportunity gap', 'zero', truePositive && largestGap(judged, truePositive)),
    ...metric(
      'equalised-odds',
      'Equalised odds gap',
      'zero',
      truePositive && falsePositive && larger(largestGap(judged, truePositive), largestGap(judged, falsePositive)),
    ),
    ...metric('average-odds', 'Average odds gap', 'zero', averageOdds(judged)),
    ...metric('predictive-parity', 'Predictive parity gap', 'zero', precision && largestGap(judged, precision)),
    ...metric('false-omission', 'False omission gap', 'zero', falseOmission && largestGap(judged, falseOmission)),
    ...metric('calibration', 'Worst calibration error', 'zero', worstCalibration(judged)),
  ]
}

/** Groups to compare by these shares: those with enough rows behind them when there are two, else all that have a value. */
function comparable(judged: JudgedGroups, shares: readonly Share[]): number[] {
  const known = shares.flatMap(({ value }, group) => (value === null ? [] : [group]))
  const large = known.filter((group) => !judged.small[group] && shares[group]!.rows >= smallBelow)
  return large.length >= 2 ? large : known
}

/** Disparate impact: the lowest rate over the reference group's; null where that one is 0. Any large group is judged. */
function lowestRatio(judged: JudgedGroups): Estimate {
  const { rate, reference, small } = judged
  const others = rate.flatMap((share, group) => (group === reference || share.value === null ? [] : [group]))
  const large = others.filter((group) => !small[group])
  const pool = large.length > 0 ? large : others
  const worst = pool.reduce((low, group) => (low < 0 || rate[group]!.value! < rate[low]!.value! ? group : low), -1)
  return worst < 0 || reference < 0 ? { value: null } : ratioEstimate(rate[worst]!, rate[reference]!)
}

/** The largest share minus the smallest. */
function largestGap(judged: JudgedGroups, shares: readonly Share[]): Estimate {
  const groups = comparable(judged, shares)
  if (groups.length < 2) return { value: null }
  const pick = (sign: number) =>
    groups.reduce((best, group) => (sign * shares[group]!.value! > sign * shares[best]!.value! ? group : best))
  const [high, low] = [shares[pick(1)]!, shares[pick(-1)]!]
  return { ...differenceEstimate(high, low), n: high.rows + low.rows }
}

const larger = (a: Estimate, b: Estimate): Estimate =>
  a.value === null || (b.value !== null && b.value > a.value) ? b : a

/**
 * Half the sum of the differences in true and false positive rates from the reference, at its largest size. The two rates
 * rest on different rows, so their intervals add by squares (Zou & Donner 2008, Statistics in Medicine 27:1693).
 */
function averageOdds(judged: JudgedGroups): Estimate | undefined {
  const { truePositive, falsePositive, reference } = judged
  if (!truePositive || !falsePositive) return undefined
  const known = (group: number) => truePositive[group]?.value != null && falsePositive[group]?.value != null
  if (reference < 0 || !known(reference)) return { value: null }
  const groups = comparable(judged, truePositive).filter((group) => group !== reference && known(group))
  const estimates = groups.map((group) =>
    size(
      halfSum(
        differenceEstimate(truePositive[group]!, truePositive[reference]!),
        differenceEstimate(falsePositive[group]!, falsePositive[reference]!),
      ),
    ),
  )
  return estimates.reduce<Estimate>(larger, { value: null })
}

function halfSum(a: Estimate, b: Estimate): Estimate {
  const middle = (a.value! + b.value!) / 2
  return {
    value: middle,
    low: middle - Math.hypot(a.value! - a.low!, b.value! - b.low!) / 2,
    high: middle + Math.hypot(a.high! - a.value!, b.high! - b.value!) / 2,
    n: (a.n ?? 0) + (b.n ?? 0),
  }
}

/** The size of a signed figure; its interval begins at 0 where the sign is open. */
function size(estimate: Estimate): Estimate {
  const [low, high] = [estimate.low!, estimate.high!]
  const [a, b] = [Math.abs(low), Math.abs(high)]
  return {
    ...estimate,
    value: Math.abs(estimate.value!),
    low: low <= 0 && high >= 0 ? 0 : Math.min(a, b),
    high: Math.max(a, b),
  }
}

function worstCalibration({ calibration, small, rate }: JudgedGroups): Estimate | undefined {
  if (!calibration) return undefined
  const known = calibration.flatMap((error, group) => (error === null ? [] : [group]))
  const large = known.filter((group) => !small[group])
  const pool = large.length > 0 ? large : known
  if (pool.length === 0) return { value: null }
  const worst = pool.reduce((best, group) => (calibration[group]! > calibration[best]! ? group : best))
  return { value: calibration[worst]!, n: rate[worst]!.rows }
}
