import type { Estimate } from '#contract'
import { criticalValue } from './normal.ts'

/**
 * Ratio of two independent shares, first over second, with the log interval of Katz et al. (1978, Biometrics 34:469):
 * exp(ln ratio ± z √(1/x1 - 1/n1 + 1/x2 - 1/n2)). Null where the second share is 0 or a sample is empty; no interval
 * where the first share is 0. `n` is the first sample's.
 */
export function katz(
  successes: number,
  n: number,
  otherSuccesses: number,
  otherN: number,
  confidence = 0.95,
): Estimate {
  if (!(n > 0) || !(otherN > 0) || !(otherSuccesses > 0)) return { value: null, n }
  const value = successes / n / (otherSuccesses / otherN)
  if (!(successes > 0)) return { value, n }
  const spread = criticalValue(confidence) * Math.sqrt(1 / successes - 1 / n + 1 / otherSuccesses - 1 / otherN)
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread), n }
}
