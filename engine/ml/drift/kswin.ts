import { createRandom, xoshiroStep } from '../random/random.ts'
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts'
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
 * Kolmogorov-Smirnov windowing: the newest `sample` values of a sliding window against as many drawn from the older
 * ones (Raab, Heusinger & Schleif 2020, Neurocomputing 416:340). The answers equal river's for the same draws: an exact
 * p-value of at most `alpha`, and a distance above 0.1. A detection empties the window. The test is repeated at every
 * observation, which on steady noise gives a false alarm in about 900 observations: see docs/drift.md.
 */
export interface KswinOptions {
  readonly alpha: number
  readonly window: number
  readonly sample: number
  readonly seed: number
}
const defaults: KswinOptions = { alpha: 0.005, window: 100, sample: 30, seed: 0 }

interface KswinState {
  n: number
  ring: Float64Array
  random: Uint32Array
}

function start({ window, seed }: KswinOptions): KswinState {
  const random = createRandom(seed).split('kswin')
  const words = Uint32Array.from({ length: 4 }, () => random.uint32())
  return { n: 0, ring: new Float64Array(window), random: words }
}

/** Observes any finite numbers. */
export class Kswin extends FlatDetector<KswinOptions, KswinState> implements DriftDetector {
  /** Smallest difference of counts, of `sample`, that is a drift. */
  readonly #critical: number
  readonly #order: Uint32Array
  readonly #newest: Float64Array
  readonly #drawn: Float64Array

  constructor(options: Partial<KswinOptions> = {}, saved?: SavedState) {
    const limits = { alpha: [0, 1], window: [2, 1e6], sample: [1, 1_000] } as const
    const settled = settle('kswin', defaults, options, limits)
    if (2 * settled.sample > settled.window)
      throw badOption('kswin', 'sample', String(settled.sample), 'at most half the window')
    super('kswin', settled, start(settled), saved)
    this.#critical = criticalCount(settled.sample, settled.alpha)
    this.#order = new Uint32Array(settled.window - settled.sample)
    this.#newest = new Float64Array(settled.sample)
    this.#drawn = new Float64Array(settled.sample)
  }

  update(value: number): DriftState {
    if (!Number.isFinite(value)) throw unusable('kswin', value, 'a finite number')
    const s = this.state
    const { window, sample } = this.options
    s.ring[s.n % window] = value
    s.n += 1
    if (s.n < window) return 'none'
    this.draw(this.#order, sample)
    for (let i = 0; i < sample; i++) {
      this.#drawn[i] = s.ring[(s.n + this.#order[i]!) % window]!
      this.#newest[i] = s.ring[(s.n + window - sample + i) % window]!
    }
    this.#drawn.sort()
    this.#newest.sort()
    if (largestCountGap(this.#drawn, this.#newest) < this.#critical) return 'none'
    s.n = 0
    s.ring.fill(0)
    return 'drift'
  }

  /** Puts `count` different places of the older part, 0 the oldest, first into `order`. */
  protected draw(order: Uint32Array, count: number): void {
    const { random } = this.state
    for (let i = 0; i < order.length; i++) order[i] = i
    for (let i = 0; i < count; i++) {
      const other = i + Math.floor((xoshiroStep(random) / 0x100000000) * (order.length - i))
      const place = order[i]!
      order[i] = order[other]!
      order[other] = place
    }
  }
}

/** n · D of two sorted samples of the same size n. */
function largestCountGap(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let largest = 0
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    largest = Math.max(largest, Math.abs(i - j))
  }
  return largest
}

function criticalCount(n: number, alpha: number): number {
  const ranks = Float64Array.from({ length: n }, (_, i) => i)
  let gap = Math.floor(n / 10) + 1
  while (
    gap <= n &&
    kolmogorovSmirnov(
      ranks,
      ranks.map((rank) => rank + gap - 0.5),
    ).pValue > alpha
  )
    gap++
  return gap
}
