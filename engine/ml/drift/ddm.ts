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
 * Drift detection method: the error rate p with its deviation s = √(p (1 - p) / n) leaves the lowest p + s seen by
 * `warning` or `drift` deviations (Gama, Medas, Castillo & Rodrigues 2004, SBIA, LNAI 3171:286). The answers equal
 * river's, which keeps the minimum from observation `warmUp` + 1 on.
 */
export interface DdmOptions {
  /** Observations before the first verdict. */
  readonly warmUp: number
  readonly warning: number
  readonly drift: number
}
const defaults: DdmOptions = { warmUp: 30, warning: 2, drift: 3 }

const start = () => ({ n: 0, rate: 0, lowest: unset, lowestRate: 0, lowestDeviation: 0 })

/** Observes errors: 1 wrong, 0 right. */
export class Ddm extends FlatDetector<DdmOptions, ReturnType<typeof start>> implements DriftDetector {
  constructor(options: Partial<DdmOptions> = {}, saved?: SavedState) {
    const limits = { warmUp: [0, 1e9], warning: [0, 100], drift: [0, 100] } as const
    super('ddm', settle('ddm', defaults, options, limits), start(), saved)
  }

  update(error: number): DriftState {
    if (!(error >= 0 && error <= 1)) throw unusable('ddm', error, 'an error of 0 or 1')
    const s = this.state
    s.n += 1
    s.rate += (1 / s.n) * (error - s.rate)
    if (s.n <= this.options.warmUp) return 'none'
    const deviation = Math.sqrt((s.rate * (1 - s.rate)) / s.n)
    const level = s.rate + deviation
    if (level <= s.lowest) {
      s.lowest = level
      s.lowestRate = s.rate
      s.lowestDeviation = deviation
    }
    if (level > s.lowestRate + this.options.drift * s.lowestDeviation) {
      Object.assign(s, start())
      return 'drift'
    }
    return level > s.lowestRate + this.options.warning * s.lowestDeviation ? 'warning' : 'none'
  }
}
