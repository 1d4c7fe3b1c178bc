import type { Random } from '../random/random.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { logNormalMass, upperTail } from './normal-mass.ts'

/**
 * The Parzen estimator of TPE as Optuna 5 defines it (`_ParzenEstimator`; Watanabe 2023, arXiv:2304.11127): a mixture
 * of products, one kernel an observation and one for the prior, Σ_k w_k Π_d K_d(x_d; observation k).
 * Numbers have normal kernels truncated to the range, on the logarithm where it is logarithmic, as masses of a cell
 * where there are steps; categories have 1 at the observed choice plus 1 / kernels everywhere, normalised.
 */
export type ParzenDimension =
  | { readonly kind: 'category'; readonly choices: number }
  | {
      readonly kind: 'number'
      /** Ends of the range on its scale, half a step wider where there are steps. */
      readonly low: number
      readonly high: number
      /** Ends, on the scale, of the cell that a place of the scale stands for; absent without steps. */
      readonly cell?: (place: number) => readonly [number, number]
      /** The nearest place that a setting can have. */
      readonly round: (place: number) => number
    }

/** What was observed: a column of places (or choices) a dimension, and the order that sorts a number's column. */
export interface ParzenColumn {
  readonly values: Float64Array
  readonly order: ArrayLike<number>
}

/**
 * Weights of n observations, oldest first, and the prior: the latest 25 and the prior count 1, the older rise from
 * 1 / n to 1 in even steps; together 1.
 */
export function kernelWeights(n: number): Float64Array {
  const weights = new Float64Array(n + 1).fill(1)
  const older = Math.max(0, n - 25)
  for (let k = 0; k < older; k++) weights[k] = older === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * k) / (older - 1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/**
 * Standard deviation of each kernel: the larger distance to its neighbours, the outermost to their only one, ends of
 * the range counting as neighbours of a single observation; at least range / min(100, n + 2). The prior's is the range.
 */
export function kernelDeviations({ values, order }: ParzenColumn, low: number, high: number): Float64Array {
  const n = values.length
  const least = (high - low) / Math.min(100, n + 2)
  const deviations = new Float64Array(n + 1).fill(high - low)
  for (let at = 0; at < n; at++) {
    const value = values[order[at]!]!
    const inner = n >= 2
    const before = at > 0 ? value - values[order[at - 1]!]! : inner ? 0 : value - low
    const after = at < n - 1 ? values[order[at + 1]!]! - value : inner ? 0 : high - value
    deviations[order[at]!] = Math.min(high - low, Math.max(least, before, after))
  }
  return deviations
}

interface NumberKernels {
  readonly means: Float64Array
  /** 1 / standard deviation. */
  readonly sharpness: Float64Array
}

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI)

export class ParzenMixture {
  readonly kernels: number
  readonly #dimensions: readonly ParzenDimension[]
  readonly #columns: readonly ParzenColumn[]
  readonly #cumulative: Float64Array
  /** ln w_k less the logarithms of what normalises the kernels of k. */
  readonly #constants: Float64Array
  readonly #numbers: readonly (NumberKernels | undefined)[]

  constructor(dimensions: readonly ParzenDimension[], columns: readonly ParzenColumn[]) {
    const n = columns[0]!.values.length
    this.kernels = n + 1
    this.#dimensions = dimensions
    this.#columns = columns
    const weights = kernelWeights(n)
    this.#cumulative = Float64Array.from(weights)
    for (let k = 1; k <= n; k++) this.#cumulative[k]! += this.#cumulative[k - 1]!
    this.#constants = weights.map(Math.log)
    this.#numbers = dimensions.map((dimension, d) => this.#prepare(dimension, columns[d]!))
  }

  #prepare(dimension: ParzenDimension, column: ParzenColumn): NumberKernels | undefined {
    if (dimension.kind === 'category') return undefined
    const { low, high, cell } = dimension
    const means = new Float64Array(this.kernels).fill(0.5 * (low + high))
    means.set(column.values)
    const sharpness = kernelDeviations(column, low, high).map((deviation) => 1 / deviation)
    for (let k = 0; k < this.kernels; k++) {
      const s = sharpness[k]!
      this.#constants[k]! -= logNormalMass((low - means[k]!) * s, (high - means[k]!) * s)
      if (!cell) this.#constants[k]! += Math.log(s) - halfLogTwoPi
    }
    return { means, sharpness }
  }

  /** A point drawn from the mixture: a place (or choice) a dimension. */
  sample(random: Random): Float64Array {
    const u = random.uniform()
    let kernel = 0
    while (kernel < this.kernels - 1 && this.#cumulative[kernel]! <= u) kernel++
    return Float64Array.from(this.#dimensions, (dimension, d) => this.#draw(dimension, d, kernel, random.uniform()))
  }

  #draw(dimension: ParzenDimension, d: number, kernel: number, u: number): number {
    if (dimension.kind === 'category') {
      const { choices } = dimension
      const share = 1 / (choices + this.kernels)
      const observed = kernel < this.kernels - 1 ? this.#columns[d]!.values[kernel]! : -1
      if (observed < 0) return Math.min(choices - 1, Math.floor(u * choices))
      return u >= choices * share ? observed : Math.min(choices - 1, Math.floor(u / share))
    }
    const { low, high, round } = dimension
    const mean = this.#numbers[d]!.means[kernel]!
    const s = this.#numbers[d]!.sharpness[kernel]!
    const place = mean + truncatedQuantile(u, (low - mean) * s, (high - mean) * s) / s
    return round(Math.min(high, Math.max(low, place)))
  }

  /** ln density of each point; points hold a place (or choice) a dimension. */
  logDensities(points: readonly Float64Array[]): Float64Array {
    const known = new Map<string, number>()
    const masses = this.#dimensions.map((dimension, d) => this.#cellMasses(dimension, d, points))
    const terms = new Float64Array(this.kernels)
    return Float64Array.from(points, (point) => {
      const key = point.join()
      const density = known.get(key) ?? this.#logDensity(point, masses, terms)
      known.set(key, density)
      return density
    })
  }

  #logDensity(point: Float64Array, masses: readonly (CellMasses | undefined)[], terms: Float64Array): number {
    terms.set(this.#constants)
    this.#dimensions.forEach((dimension, d) => {
      const cells = masses[d]?.get(point[d]!)
      if (cells) for (let k = 0; k < terms.length; k++) terms[k]! += cells[k]!
      else if (dimension.kind === 'category') this.#addCategory(terms, d, point[d]!, dimension.choices)
      else addSquares(terms, this.#numbers[d]!, point[d]!)
    })
    return logSumExp(terms)
  }

  #addCategory(terms: Float64Array, d: number, choice: number, choices: number): void {
    const { values } = this.#columns[d]!
    const total = Math.log(this.kernels + choices)
    const hit = Math.log(this.kernels + 1) - total
    for (let k = 0; k < values.length; k++) terms[k]! += values[k] === choice ? hit : -total
    terms[values.length]! -= Math.log(choices)
  }

  /** ln mass of the cells of the different places in one dimension with steps, by kernel; equal kernels are worked once. */
  #cellMasses(dimension: ParzenDimension, d: number, points: readonly Float64Array[]): CellMasses | undefined {
    if (dimension.kind === 'category' || !dimension.cell) return undefined
    const { means, sharpness } = this.#numbers[d]!
    const { order } = this.#columns[d]!
    const masses = new Map<number, Float64Array>()
    for (const point of points) {
      const place = point[d]!
      if (masses.has(place)) continue
      const [from, to] = dimension.cell(place)
      const cells = new Float64Array(this.kernels)
      let last = this.kernels - 1
      cells[last] = logNormalMass((from - means[last]!) * sharpness[last]!, (to - means[last]!) * sharpness[last]!)
      for (let at = 0; at < order.length; at++) {
        const k = order[at]!
        const mean = means[k]!
        const s = sharpness[k]!
        const same = mean === means[last] && s === sharpness[last]
        cells[k] = same ? cells[last]! : logNormalMass((from - mean) * s, (to - mean) * s)
        last = k
      }
      masses.set(place, cells)
    }
    return masses
  }
}

type CellMasses = ReadonlyMap<number, Float64Array>

function addSquares(terms: Float64Array, { means, sharpness }: NumberKernels, x: number): void {
  for (let k = 0; k < terms.length; k++) {
    const z = (x - means[k]!) * sharpness[k]!
    terms[k]! -= 0.5 * z * z
  }
}

function logSumExp(terms: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < terms.length; k++) if (terms[k]! > largest) largest = terms[k]!
  if (largest === Number.NEGATIVE_INFINITY) return largest
  let sum = 0
  for (let k = 0; k < terms.length; k++) {
    const term = terms[k]! - largest
    if (term > -45) sum += Math.exp(term)
  }
  return largest + Math.log(sum)
}

/** The u-quantile of the standard normal truncated to (a, b), a <= 0 <= b. */
export function truncatedQuantile(u: number, a: number, b: number): number {
  const below = upperTail(-a)
  const above = upperTail(b)
  const inside = 1 - below - above
  const lower = below + u * inside
  return lower <= 0.5 ? normalQuantile(lower) : -normalQuantile(above + (1 - u) * inside)
}
