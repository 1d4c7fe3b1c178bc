import {
  badOption,
  type DriftDetector,
  type DriftState,
  FlatDetector,
  type SavedState,
  settle,
  unusable,
} from './detector.ts'

/**
 * Fast Hoeffding drift detection method: the share of right answers in a sliding window is below the highest share seen
 * by more than Hoeffding's bound (Pesaranghader & Viktor 2016, ECML PKDD, LNAI 9852:96); `shortWindow` above 0 adds a
 * second, shorter window, the stacked variant (Pesaranghader, Viktor & Paquet 2018, Machine Learning 107:1711). The
 * answers equal river's when that is fed 1 for a right answer, as the paper says and its docstring does not.
 */
export interface FhddmOptions {
  readonly window: number
  /** Probability of a false verdict at one observation. */
  readonly drift: number
  /** Length of the second window; 0 for none. */
  readonly shortWindow: number
}
const defaults: FhddmOptions = { window: 100, drift: 1e-6, shortWindow: 0 }

const start = () => ({ n: 0, at: 0, right: 0, mostRight: 0, shortRight: 0, shortMostRight: 0 })

/** Observes errors: 1 wrong, 0 right. */
export class Fhddm
  extends FlatDetector<FhddmOptions, ReturnType<typeof start> & { ring: Float64Array }>
  implements DriftDetector
{
  readonly #bound: number
  readonly #shortBound: number

  constructor(options: Partial<FhddmOptions> = {}, saved?: SavedState) {
    const limits = { window: [1, 1e7], drift: [1e-300, 1], shortWindow: [0, 1e7] } as const
    const settled = settle('fhddm', defaults, options, limits)
    if (settled.shortWindow > settled.window)
      throw badOption('fhddm', 'shortWindow', String(settled.shortWindow), 'at most the length of the window')
    super('fhddm', settled, { ...start(), ring: new Float64Array(settled.window) }, saved)
    const log = Math.log(1 / settled.drift)
    this.#bound = Math.sqrt(log / (2 * settled.window))
    this.#shortBound = Math.sqrt(log / (2 * settled.shortWindow))
  }

  update(error: number): DriftState {
    if (error !== 0 && error !== 1) throw unusable('fhddm', error, 'an error of 0 or 1')
    const s = this.state
    const { window, shortWindow } = this.options
    const right = 1 - error
    s.right += right
    if (shortWindow > 0) {
      s.shortRight += right
      if (s.n >= shortWindow)
        s.shortRight -= s.ring[s.at < shortWindow ? s.at - shortWindow + window : s.at - shortWindow]!
    }
    if (s.n >= window) s.right -= s.ring[s.at]!
    s.ring[s.at] = right
    s.at = s.at + 1 === window ? 0 : s.at + 1
    s.n += 1
    if (s.n < window || !this.#falls()) return 'none'
    Object.assign(s, start())
    s.ring.fill(0)
    return 'drift'
  }

  #falls(): boolean {
    const s = this.state
    const { window, shortWindow } = this.options
    s.mostRight = Math.max(s.mostRight, s.right)
    if (shortWindow > 0) {
      s.shortMostRight = Math.max(s.shortMostRight, s.shortRight)
      if ((s.shortMostRight - s.shortRight) / shortWindow > this.#shortBound) return true
    }
    return (s.mostRight - s.right) / window > this.#bound
  }
}
