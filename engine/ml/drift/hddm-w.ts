import {
  type DriftDetector,
  type DriftState,
  FlatDetector,
  type SavedState,
  settle,
  unset,
  unusable,
} from './detector.ts'

/**
 * HDDM with the W-test: exponentially weighted means before and after the best cut point differ by more than
 * McDiarmid's bound allows (Frías-Blanco et al. 2015, IEEE Transactions on Knowledge and Data Engineering 27:810).
 * The answers equal river's from 0.26 on (before, a mean of zero was taken for no mean).
 */
export interface HddmWOptions {
  /** Probabilities of a false verdict at one observation. */
  readonly drift: number
  readonly warning: number
  /** Weight of the newest observation. */
  readonly weight: number
  /** True also looks for a falling mean. */
  readonly twoSided: boolean
}
const defaults: HddmWOptions = { drift: 0.001, warning: 0.005, weight: 0.05, twoSided: false }

const start = () => ({
  n: 0,
  mean: 0,
  spread: 1,
  lowCut: unset,
  lowMean: 0,
  lowSpread: 1,
  sinceLow: 0,
  sinceLowMean: 0,
  sinceLowSpread: 1,
  highCut: -unset,
  highMean: 0,
  highSpread: 1,
  sinceHigh: 0,
  sinceHighMean: 0,
  sinceHighSpread: 1,
})

/** Observes numbers from 0 to 1, as errors (1 wrong, 0 right) or losses. */
export class HddmW extends FlatDetector<HddmWOptions, ReturnType<typeof start>> implements DriftDetector {
  readonly #driftLog: number
  readonly #warningLog: number

  constructor(options: Partial<HddmWOptions> = {}, saved?: SavedState) {
    const limits = { drift: [1e-300, 1], warning: [1e-300, 1], weight: [1e-12, 1] } as const
    super('hddm-w', settle('hddm-w', defaults, options, limits), start(), saved)
    this.#driftLog = Math.log(1 / this.options.drift)
    this.#warningLog = Math.log(1 / this.options.warning)
  }

  update(value: number): DriftState {
    if (!(value >= 0 && value <= 1)) throw unusable('hddm-w', value, 'a number from 0 to 1')
    const s = this.state
    s.mean = s.n === 0 ? value : this.#average(s.mean, value)
    s.n += 1
    s.spread = this.#shrink(s.spread)
    const reach = bound(s.spread, this.#driftLog)
    this.#moveLow(value, reach)
    if (this.options.twoSided) this.#moveHigh(value, reach)
    if (this.#leaves(this.#driftLog)) {
      Object.assign(s, start())
      return 'drift'
    }
    return this.#leaves(this.#warningLog) ? 'warning' : 'none'
  }

  #average(mean: number, value: number): number {
    const { weight } = this.options
    return weight * value + (1 - weight) * mean
  }

  #shrink(spread: number): number {
    const { weight } = this.options
    return weight * weight + (1 - weight) * (1 - weight) * spread
  }

  #moveLow(value: number, reach: number): void {
    const s = this.state
    if (s.mean + reach < s.lowCut) {
      s.lowCut = s.mean + reach
      s.lowMean = s.mean
      s.lowSpread = s.spread
      s.sinceLow = 0
      s.sinceLowSpread = 1
      return
    }
    s.sinceLowMean = s.sinceLow === 0 ? value : this.#average(s.sinceLowMean, value)
    s.sinceLow += 1
    s.sinceLowSpread = this.#shrink(s.sinceLowSpread)
  }

  #moveHigh(value: number, reach: number): void {
    const s = this.state
    if (s.mean - reach > s.highCut) {
      s.highCut = s.mean - reach
      s.highMean = s.mean
      s.highSpread = s.spread
      s.sinceHigh = 0
      s.sinceHighSpread = 1
      return
    }
    s.sinceHighMean = s.sinceHigh === 0 ? value : this.#average(s.sinceHighMean, value)
    s.sinceHigh += 1
    s.sinceHighSpread = this.#shrink(s.sinceHighSpread)
  }

  #leaves(log: number): boolean {
    const s = this.state
    if (s.sinceLow > 0 && s.sinceLowMean - s.lowMean > bound(s.lowSpread + s.sinceLowSpread, log)) return true
    return s.sinceHigh > 0 && s.highMean - s.sinceHighMean > bound(s.highSpread + s.sinceHighSpread, log)
  }
}

const bound = (spread: number, log: number) => Math.sqrt((spread * log) / 2)
