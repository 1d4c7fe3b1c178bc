import {
  type DetectorJson,
  type DriftDetector,
  type DriftState,
  FlatDetector,
  type SavedState,
  settle,
  unusable,
} from './detector.ts'

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

/** Observations kept back at most before they go into buckets. */
const backlog = 64

/** Observes any numbers up to 1e150; the bound is meant for numbers of about unit range. */
export class Adwin extends FlatDetector<AdwinOptions, AdwinState> implements DriftDetector {
  /** The newest observations, in no sum and no bucket yet: many at once are cheaper, and only a look needs them there. */
  readonly #waiting = new Float64Array(backlog)
  #waits = 0
  /** Where a level's buckets and what comes to it from below stand in a row. */
  readonly #line: Float64Array
  readonly #clock: number

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
    this.#clock = settled.clock
    this.#line = new Float64Array(settled.maxBuckets + 1 + backlog)
  }

  /** Mean of the window; NaN before the first observation. */
  get mean(): number {
    this.#take()
    return this.state.total / this.state.n
  }

  /** Observations in the window. */
  get width(): number {
    this.#take()
    return this.state.n
  }

  override toJson(): DetectorJson {
    this.#take()
    return super.toJson()
  }

  update(value: number): DriftState {
    if (!(Math.abs(value) <= 1e150)) throw unusable('adwin', value, 'a finite number')
    this.#waiting[this.#waits++] = value
    const s = this.state
    s.sinceLook += 1
    if (s.sinceLook >= this.#clock) return this.#look()
    if (this.#waits === backlog) this.#take()
    return 'none'
  }

  #look(): DriftState {
    const s = this.state
    this.#take()
    s.sinceLook = 0
    if (s.n <= this.options.gracePeriod || !this.#hasCut()) return 'none'
    Object.assign(s, start())
    s.used.fill(0)
    s.totals.fill(0)
    return 'drift'
  }

  /** Takes what waits into the sums and the buckets. */
  #take(): void {
    const s = this.state
    let { n, total, squares } = s
    for (let i = 0; i < this.#waits; i++) {
      const value = this.#waiting[i]!
      if (n > 0) {
        const gap = value - total / n
        squares += (n * gap * gap) / (n + 1)
      }
      n += 1
      total += value
    }
    s.n = n
    s.total = total
    s.squares = squares
    this.#fillBuckets()
    this.#waits = 0
  }

  /**
   * Puts what waits into buckets: a level that would hold one too many hands the sum of its two oldest to the next. Only
   * the order within a level matters, so a level takes all that comes to it at once.
   */
  #fillBuckets(): void {
    const { used, totals } = this.state
    const width = this.options.maxBuckets + 1
    const line = this.#line
    let arriving = this.#waits
    for (let i = 0; i < arriving; i++) line[width + i] = this.#waiting[i]!
    for (let level = 0, at = 0; arriving > 0; level++, at += width) {
      if (level === this.state.levels) this.state.levels = level + 1
      const held = used[level]!
      const first = width - held
      for (let i = 0; i < held; i++) line[first + i] = totals[at + i]!
      const all = held + arriving
      arriving = all < width ? 0 : ((all - width) >> 1) + 1
      const kept = all - 2 * arriving
      const from = first + 2 * arriving
      for (let i = 0; i < kept; i++) totals[at + i] = line[from + i]!
      for (let i = kept; i < held; i++) totals[at + i] = 0
      for (let i = 0; i < arriving; i++) line[first + i] = line[first + 2 * i]! + line[first + 2 * i + 1]!
      for (let i = arriving - 1; i >= 0; i--) line[width + i] = line[first + i]!
      used[level] = kept
    }
  }

  #hasCut(): boolean {
    const { n, total, squares, levels: top, used, totals } = this.state
    const { delta, maxBuckets, minWindow } = this.options
    const log = Math.log((2 * Math.log(n)) / delta)
    const variance = squares / n
    /** A bound below the exact one, squared, times n₀ n₁: without root and division it rules most cuts out. */
    const loose = 2 * variance * log * (n - 2 * minWindow + 2) * (1 - 1e-9)
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
        if (lead * lead < loose * older * newer) continue
        const reciprocal = 1 / olderFree + 1 / newerFree
        const bound = Math.sqrt(2 * reciprocal * variance * log) + (2 / 3) * log * reciprocal
        if (Math.abs(olderTotal / older - (total - olderTotal) / newer) > bound) return true
      }
    }
    return false
  }
}
