import { type DriftDetector, type DriftState, FlatDetector, type SavedState, settle, unusable } from './detector.ts'

/**
 * Adaptive windowing: a window of growing length, held as buckets of 1, 2, 4, … observations, is cut where the means of
 * its two parts differ by more than ε = √(2/m · σ² · ln(2 ln n / δ)) + 2/(3 m) · ln(2 ln n / δ), 1/m = 1/n₀ + 1/n₁
 * (Bifet & Gavaldà 2007, SIAM International Conference on Data Mining, 443). The answers equal river's: a detection
 * forgets the whole window, where MOA keeps the newer part and so reports a change several times.
 */
export interface AdwinOptions {
  /** Confidence δ: the smaller, the fewer false alarms and the longer the delay. */
  readonly delta: number
  /** Observations between two looks for a cut. */
  readonly clock: number
  /** Buckets of one size before two are merged. */
  readonly maxBuckets: number
  /** Observations that either part of a cut must have. */
  readonly minWindow: number
  /** Observations before the first look. */
  readonly gracePeriod: number
}
const defaults: AdwinOptions = { delta: 0.002, clock: 32, maxBuckets: 5, minWindow: 5, gracePeriod: 10 }

/** Sizes of buckets, 2⁰ to 2⁴⁷. */
const levels = 48

const start = () => ({ n: 0, sinceLook: 0, total: 0, squares: 0, levels: 1 })
type AdwinState = ReturnType<typeof start> & { used: Uint32Array; totals: Float64Array }

/** Observes any numbers up to 1e150; the bound is meant for numbers of about unit range. */
export class Adwin extends FlatDetector<AdwinOptions, AdwinState> implements DriftDetector {
  constructor(options: Partial<AdwinOptions> = {}, saved?: SavedState) {
    const settled = settle('adwin', defaults, options, {
      delta: [1e-300, 1],
      clock: [1, 1e9],
      maxBuckets: [2, 1e4],
      minWindow: [1, 1e9],
      gracePeriod: [0, 1e9],
    })
    const totals = new Float64Array(levels * (settled.maxBuckets + 1))
    super('adwin', settled, { ...start(), used: new Uint32Array(levels), totals }, saved)
  }

  /** Mean of the window; NaN before the first observation. */
  get mean(): number {
    return this.state.total / this.state.n
  }

  /** Observations in the window. */
  get width(): number {
    return this.state.n
  }

  update(value: number): DriftState {
    if (!(Math.abs(value) <= 1e150)) throw unusable('adwin', value, 'a finite number')
    const s = this.state
    if (s.n > 0) {
      const gap = value - s.total / s.n
      s.squares += (s.n * gap * gap) / (s.n + 1)
    }
    s.n += 1
    s.total += value
    s.totals[s.used[0]!++] = value
    this.#merge()
    s.sinceLook += 1
    if (s.sinceLook < this.options.clock) return 'none'
    s.sinceLook = 0
    if (s.n <= this.options.gracePeriod || !this.#hasCut()) return 'none'
    Object.assign(s, start())
    s.used.fill(0)
    s.totals.fill(0)
    return 'drift'
  }

  /** Merges the two oldest buckets of every size that has one too many. */
  #merge(): void {
    const s = this.state
    const width = this.options.maxBuckets + 1
    for (let level = 0; s.used[level] === width; level++) {
      const at = level * width
      const next = at + width
      s.totals[next + s.used[level + 1]!++] = s.totals[at]! + s.totals[at + 1]!
      for (let bucket = at + 2; bucket < next; bucket++) s.totals[bucket - 2] = s.totals[bucket]!
      s.used[level] = width - 2
      if (level + 2 > s.levels) s.levels = level + 2
    }
  }

  #hasCut(): boolean {
    const { n, total, squares, levels: top, used, totals } = this.state
    const { delta, maxBuckets, minWindow } = this.options
    const log = Math.log((2 * Math.log(n)) / delta)
    const variance = squares / n
    /** A bound below the exact one, squared: without root and division it rules most cuts out. */
    const loose = 2 * variance * log * (1 - 1e-9)
    let older = 0
    let olderTotal = 0
    for (let level = top - 1, size = 2 ** level; level >= 0; level--, size /= 2) {
      const at = level * (maxBuckets + 1)
      for (let bucket = 0; bucket < used[level]!; bucket++) {
        older += size
        olderTotal += totals[at + bucket]!
        const newer = n - older
        const olderFree = older - minWindow + 1
        const newerFree = newer - minWindow + 1
        if (newerFree < 1) return false
        if (olderFree < 1) continue
        const lead = olderTotal * n - total * older
        const product = older * newer
        if (lead * lead * olderFree * newerFree < loose * (olderFree + newerFree) * product * product) continue
        const reciprocal = 1 / olderFree + 1 / newerFree
        const bound = Math.sqrt(2 * reciprocal * variance * log) + (2 / 3) * log * reciprocal
        if (Math.abs(olderTotal / older - (total - olderTotal) / newer) > bound) return true
      }
    }
    return false
  }
}
