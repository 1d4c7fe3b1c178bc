import { type DriftDetector, type DriftState, FlatDetector, type SavedState, settle, unusable } from './detector.ts'

/**
 * HDDM with the A-test: the mean after the best cut point is above the mean before it by more than Hoeffding's bound
 * allows (Frías-Blanco et al. 2015, IEEE Transactions on Knowledge and Data Engineering 27:810). The answers equal
 * river's.
 */
export interface HddmAOptions {
  /** Probabilities of a false verdict at one observation. */
  readonly drift: number
  readonly warning: number
  /** True also looks for a falling mean. */
  readonly twoSided: boolean
}
const defaults: HddmAOptions = { drift: 0.001, warning: 0.005, twoSided: false }

const start = () => ({ n: 0, mean: 0, lowN: 0, lowMean: 0, highN: 0, highMean: 0 })

/** Observes numbers from 0 to 1, as errors (1 wrong, 0 right) or losses. */
export class HddmA extends FlatDetector<HddmAOptions, ReturnType<typeof start>> implements DriftDetector {
  readonly #cutLog: number
  readonly #driftLog: number
  readonly #warningLog: number

  constructor(options: Partial<HddmAOptions> = {}, saved?: SavedState) {
    const limits = { drift: [1e-300, 1], warning: [1e-300, 1] } as const
    super('hddm-a', settle('hddm-a', defaults, options, limits), start(), saved)
    this.#cutLog = Math.log(1 / this.options.drift)
    this.#driftLog = Math.log(2 / this.options.drift)
    this.#warningLog = Math.log(2 / this.options.warning)
  }

  update(value: number): DriftState {
    if (!(value >= 0 && value <= 1)) throw unusable('hddm-a', value, 'a number from 0 to 1')
    const s = this.state
    s.n += 1
    s.mean += (1 / s.n) * (value - s.mean)
    this.#moveCuts()
    const rise = s.lowN === s.n ? -1 : s.mean - s.lowMean
    const riseSpread = this.#spread(s.lowN)
    const fall = !this.options.twoSided || s.highN === s.n ? -1 : s.highMean - s.mean
    const fallSpread = this.#spread(s.highN)
    if (rise >= Math.sqrt(riseSpread * this.#driftLog) || fall >= Math.sqrt(fallSpread * this.#driftLog)) {
      Object.assign(s, start())
      return 'drift'
    }
    const warned = rise >= Math.sqrt(riseSpread * this.#warningLog) || fall >= Math.sqrt(fallSpread * this.#warningLog)
    return warned ? 'warning' : 'none'
  }

  #moveCuts(): void {
    const s = this.state
    const reach = this.#bound(s.n)
    if (s.lowN === 0 || s.lowMean + this.#bound(s.lowN) >= s.mean + reach) {
      s.lowN = s.n
      s.lowMean = s.mean
    }
    if (s.highN === 0 || s.highMean - this.#bound(s.highN) <= s.mean - reach) {
      s.highN = s.n
      s.highMean = s.mean
    }
  }

  #bound(n: number): number {
    return Math.sqrt((1 / (2 * n)) * this.#cutLog)
  }

  #spread(cut: number): number {
    const { n } = this.state
    return (((n - cut) / cut) * (1 / n)) / 2
  }
}
