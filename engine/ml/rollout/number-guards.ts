import type { RolloutGuard } from '#contract'
import { differenceSequence } from './difference-sequence.ts'
import { type Spread, sampleVariance } from './spread.ts'

/** Guards of models that predict numbers: they stand on the normal limit, so fewer than this are not judged. */
const least = 30

/** Broken where the mean prediction surely moved by more than so many standard deviations of the champion's predictions. */
export function predictionGuard(before: Spread, after: Spread, limit: number, alpha: number): RolloutGuard {
  const name = 'Predictions'
  if (before.n < least || after.n < least)
    return { name, state: 'unknown', text: `fewer than ${least} predictions yet` }
  const allowed = limit * Math.sqrt(sampleVariance(before))
  const { value, low, high } = compare(before, after, 1, allowed, alpha)
  const text = `mean prediction ${short(after.mean)}, before ${short(before.mean)}; a difference of ${short(allowed)} is allowed`
  const state = Math.max(low, -high) > allowed ? 'broken' : Math.abs(value) > allowed ? 'unsure' : 'holds'
  return { name, state, text }
}

/** Broken where predictions are surely further from outcomes than `limit` times the champion's, on the mean. */
export function missGuard(before: Spread, after: Spread, limit: number, alpha: number): RolloutGuard {
  const name = 'Distance from outcomes'
  if (before.n < least || after.n < least) return { name, state: 'unknown', text: `fewer than ${least} outcomes yet` }
  const { value, low } = compare(before, after, limit, before.mean / 10, alpha)
  const text = `mean distance of predictions from outcomes ${short(after.mean)}, before ${short(before.mean)}; ${limit} times are allowed`
  return { name, state: low > 0 ? 'broken' : value > 0 ? 'unsure' : 'holds', text }
}

/** Second mean minus so many times the first. */
function compare(before: Spread, after: Spread, times: number, scale: number, alpha: number) {
  const variance = sampleVariance(after) / after.n + (times * times * sampleVariance(before)) / before.n
  return differenceSequence(
    { difference: after.mean - times * before.mean, variance, scale: Math.max(scale, 1e-12) },
    alpha,
  )
}

const short = (value: number) => String(Number(value.toPrecision(3)))
