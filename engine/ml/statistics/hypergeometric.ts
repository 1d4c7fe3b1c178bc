import { logGamma } from './gamma.ts'

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/**
 * P(X ≥ k), X the marked ones among `drawn` of `total` of which `marked` are marked: Fisher's exact test against a lower
 * share, one-sided (Fisher 1922, JRSS 85:87). Sums the shorter tail from its largest term.
 */
export function hypergeometricTail(
  k: number,
  { drawn, marked, total }: { readonly drawn: number; readonly marked: number; readonly total: number },
): number {
  const low = Math.max(0, drawn + marked - total)
  const high = Math.min(drawn, marked)
  if (k <= low) return 1
  if (k > high) return 0
  const all = logChoose(total, drawn)
  const chance = (x: number) => Math.exp(logChoose(marked, x) + logChoose(total - marked, drawn - x) - all)
  const upward = (x: number) => ((marked - x) * (drawn - x)) / ((x + 1) * (total - marked - drawn + x + 1))
  if (k > (drawn * marked) / total) {
    let sum = 0
    for (let x = k, term = chance(k); x <= high && term > sum * 1e-17; x++) {
      sum += term
      term *= upward(x)
    }
    return Math.min(1, sum)
  }
  let below = 0
  for (let x = k - 1, term = chance(k - 1); x >= low && term > below * 1e-17; x--) {
    below += term
    if (x > low) term /= upward(x - 1)
  }
  return Math.max(0, 1 - below)
}
