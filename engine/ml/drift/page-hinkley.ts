import {
  badOption,
  type DriftDetector,
  type DriftState,
  FlatDetector,
  type SavedState,
  settle,
  unset,
  unusable,
} from './detector.ts'

/**
 * Page-Hinkley test: the fading sum of deviations from the running mean has left its lowest (or highest) value by more
 * than `threshold` (Page 1954, Biometrika 41:100; Sebastião & Fernandes 2017, ISMIS, LNAI 10352:492). The answers
 * equal river's. `tolerance` and `threshold` are in units of the data, so a stream should be standardised first: with
 * the default of 50 it is slow on errors of 0 and 1, and with 10 it gives false alarms.
 */
export interface PageHinkleyOptions {
  /** Observations before the first verdict. */
  readonly warmUp: number
  /** Deviation that counts as none. */
  readonly tolerance: number
  readonly threshold: number
  /** Share of the sum that stays at each observation. */
  readonly fading: number
  readonly direction: 'up' | 'down' | 'both'
}
const defaults: PageHinkleyOptions = {
  warmUp: 30,
  tolerance: 0.005,
  threshold: 50,
  fading: 1 - 0.0001,
  direction: 'both',
}

const start = () => ({ n: 0, mean: 0, rise: 0, lowestRise: unset, fall: 0, highestFall: -unset })

/** Observes any numbers up to 1e150. */
export class PageHinkley extends FlatDetector<PageHinkleyOptions, ReturnType<typeof start>> implements DriftDetector {
  readonly #up: boolean
  readonly #down: boolean

  constructor(options: Partial<PageHinkleyOptions> = {}, saved?: SavedState) {
    const limits = { warmUp: [0, 1e9], tolerance: [0, 1e300], threshold: [0, 1e300], fading: [0, 1] } as const
    const settled = settle('page-hinkley', defaults, options, limits)
    if (!['up', 'down', 'both'].includes(settled.direction))
      throw badOption('page-hinkley', 'direction', String(settled.direction), 'up, down or both')
    super('page-hinkley', settled, start(), saved)
    this.#up = settled.direction !== 'down'
    this.#down = settled.direction !== 'up'
  }

  update(value: number): DriftState {
    if (!(Math.abs(value) <= 1e150)) throw unusable('page-hinkley', value, 'a finite number')
    const s = this.state
    const { warmUp, tolerance, threshold, fading } = this.options
    s.n += 1
    s.mean += (1 / s.n) * (value - s.mean)
    const deviation = value - s.mean
    s.rise = fading * s.rise + deviation - tolerance
    s.fall = fading * s.fall + deviation + tolerance
    if (s.rise < s.lowestRise) s.lowestRise = s.rise
    if (s.fall > s.highestFall) s.highestFall = s.fall
    if (s.n < warmUp) return 'none'
    const rises = this.#up && s.rise - s.lowestRise > threshold
    const falls = this.#down && s.highestFall - s.fall > threshold
    if (!rises && !falls) return 'none'
    Object.assign(s, start())
    return 'drift'
  }
}
