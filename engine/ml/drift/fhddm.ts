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
  extends FlatDetector<FhddmOptions, ReturnType<typeof start> & { ring: Uint32Array }>
  implements DriftDetector
{
  readonly #window: number
  readonly #shortWindow: number
  /** Fewest right answers below the most seen that are a drift. */
  readonly #gap: number
  readonly #shortGap: number

  constructor(options: Partial<FhddmOptions> = {}, saved?: SavedState) {
    const limits = { window: [1, 1e7], drift: [1e-300, 1], shortWindow: [0, 1e7] } as const
    const settled = settle('fhddm', defaults, options, limits)
    const { window, shortWindow, drift } = settled
    if (shortWindow > window)
      throw badOption('fhddm', 'shortWindow', String(shortWindow), 'at most the length of the window')
    super('fhddm', settled, { ...start(), ring: new Uint32Array(window) }, saved)
    this.#window = window
    this.#shortWindow = shortWindow
    this.#gap = smallestGap(window, drift)
    this.#shortGap = smallestGap(shortWindow, drift)
  }

  update(error: number): DriftState {
    // without a branch on the value, which the processor could not foresee
    if (error * (error - 1) !== 0) throw unusable('fhddm', error, 'an error of 0 or 1')
    const s = this.state
    const { ring, n, at } = s
    const right = 1 - error
    const full = n >= this.#window
    const now = s.right + right - (full ? ring[at]! : 0)
    s.right = now
    if (this.#shortWindow > 0) this.#moveShort(right)
    ring[at] = right
    s.at = at + 1 === this.#window ? 0 : at + 1
    s.n = n + 1
    if (!full && n + 1 < this.#window) return 'none'
    if (now > s.mostRight) s.mostRight = now
    if (s.mostRight - now < this.#gap && !this.#shortFalls()) return 'none'
    Object.assign(s, start())
    ring.fill(0)
    return 'drift'
  }

  #moveShort(right: number): void {
    const s = this.state
    const length = this.#shortWindow
    s.shortRight += right
    if (s.n >= length) s.shortRight -= s.ring[s.at < length ? s.at - length + this.#window : s.at - length]!
  }

  #shortFalls(): boolean {
    if (this.#shortWindow === 0) return false
    const s = this.state
    s.shortMostRight = Math.max(s.shortMostRight, s.shortRight)
    return s.shortMostRight - s.shortRight >= this.#shortGap
  }
}

/** The smallest whole number that is above Hoeffding's bound for a window when divided by its length. */
function smallestGap(window: number, drift: number): number {
  if (window === 0) return 0
  const bound = Math.sqrt(Math.log(1 / drift) / (2 * window))
  let gap = Math.max(0, Math.floor(bound * window) - 1)
  while (gap <= window && gap / window <= bound) gap++
  return gap
}
