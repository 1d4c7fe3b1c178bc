import type { Estimate } from '#contract'
import { logBeta } from '../statistics/beta.ts'

const steps = 80
const logPi = Math.log(Math.PI)

/**
 * A share with limits that hold at every look at once: the true share lies outside them at any time with chance `alpha` at
 * most, however often one looks. Robbins' beta-binomial mixture (Robbins 1970, Annals of Mathematical Statistics 41:1397;
 * Howard, Ramdas, McAuliffe & Sekhon 2021, Annals of Statistics 49:1055): all p with
 * B(x + ½, n - x + ½) / (B(½, ½) p^x (1 - p)^(n - x)) < 1 / alpha, which Ville's inequality allows. Exact for any count.
 */
export function shareSequence(events: number, n: number, alpha = 0.05): Estimate {
  if (!(n > 0)) return { value: null, n: 0 }
  const likely = likelyShares(events, n, alpha)
  const share = events / n
  return {
    value: share,
    low: events === 0 ? 0 : between(0, share, likely),
    high: events === n ? 1 : between(1, share, likely),
    n,
  }
}

/** Whether a share lies within the limits. */
export function likelyShares(events: number, n: number, alpha: number): (p: number) => boolean {
  const misses = n - events
  const level = logBeta(events + 0.5, misses + 0.5) - logPi + Math.log(alpha)
  return (p) => (events === 0 ? 0 : events * Math.log(p)) + (misses === 0 ? 0 : misses * Math.log1p(-p)) > level
}

/** Where `holds` begins on the way from `outside` to `inside`. */
function between(outside: number, inside: number, holds: (p: number) => boolean): number {
  let [from, to] = [outside, inside]
  for (let step = 0; step < steps; step++) {
    const middle = (from + to) / 2
    if (middle === from || middle === to) break
    if (holds(middle)) to = middle
    else from = middle
  }
  return from
}
