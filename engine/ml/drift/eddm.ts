import { type DriftDetector, type DriftState, FlatDetector, type SavedState, settle, unusable } from './detector.ts'

/**
 * Early drift detection method: the distance between errors, as mean + 2 deviations, falls below `drift` (or `warning`)
 * of its largest value (Baena-García et al. 2006, Fourth International Workshop on Knowledge Discovery from Data
 * Streams). The answers equal river's. It gives many false alarms on steady streams: see docs/drift.md.
 */
export interface EddmOptions {
  /** Observations before the largest value is kept, and errors before the first verdict. */
  readonly warmUp: number
  readonly warning: number
  readonly drift: number
}
const defaults: EddmOptions = { warmUp: 30, warning: 0.95, drift: 0.9 }

const start = () => ({ n: 0, errors: 0, last: 0, mean: 0, squares: 0, largest: -1, warned: 0 })

/** Observes errors: 1 wrong, 0 right. */
export class Eddm extends FlatDetector<EddmOptions, ReturnType<typeof start>> implements DriftDetector {
  constructor(options: Partial<EddmOptions> = {}, saved?: SavedState) {
    const limits = { warmUp: [0, 1e9], warning: [0, 1], drift: [0, 1] } as const
    super('eddm', settle('eddm', defaults, options, limits), start(), saved)
  }

  update(error: number): DriftState {
    // without a branch on the value, which the processor could not foresee
    if (error * (error - 1) !== 0) throw unusable('eddm', error, 'an error of 0 or 1')
    const s = this.state
    s.n += 1
    if (error === 1 && this.#isShorter()) {
      Object.assign(s, start())
      return 'drift'
    }
    return s.warned === 1 ? 'warning' : 'none'
  }

  /** Takes the distance to the last error; true where distances have become too short. */
  #isShorter(): boolean {
    const s = this.state
    const { warmUp, warning, drift } = this.options
    const distance = s.n - s.last
    s.last = s.n
    s.errors += 1
    const gap = distance - s.mean
    s.mean += (1 / s.errors) * gap
    s.squares += gap * (distance - s.mean)
    if (s.n <= warmUp) return false
    const reach = s.mean + 2 * Math.sqrt(s.errors > 1 ? s.squares / (s.errors - 1) : 0)
    if (reach > s.largest) {
      s.largest = reach
      return false
    }
    if (s.errors <= warmUp) return false
    s.warned = reach / s.largest < warning ? 1 : 0
    return reach / s.largest < drift
  }
}
