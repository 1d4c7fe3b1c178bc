import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'
import { fitCovariance } from './fit-covariance.ts'
import {
  expectedImprovement,
  fitGaussianProcess,
  type GaussianProcess,
  predictGaussianProcess,
} from './gaussian-process.ts'
import { mutateSettings } from './mutate.ts'
import { randomSettings } from './random-search.ts'
import type { SearchSpace, Settings } from './space.ts'
import {
  checkCount,
  type Proposal,
  type SearchJson,
  type SearchOptions,
  type Trial,
  TrialSearch,
} from './trial-search.ts'
import { choiceOf, unitOf } from './unit-interval.ts'

export interface GaussianOptions extends SearchOptions {
  /** Random trials that must finish first; 10 unless given. */
  readonly startups?: number
  /** Trials the process is fitted to, at most: half the best, half the latest; 100 unless given. */
  readonly memory?: number
}

const randomPoints = 300
const localPoints = 60
const localRounds = 4

/**
 * Bayesian optimisation: a Gaussian process over the settings (numbers by their share of the range, categories one-hot,
 * a parameter that does not exist in the middle), and the point of the largest expected improvement among random ones
 * and neighbours of the best. Trials still running count with their expected value, so that trials side by side keep
 * apart ("Kriging believer": Ginsbourger, Le Riche & Carraro 2010).
 */
export class GaussianSearch extends TrialSearch<GaussianOptions> {
  readonly #startups: number
  readonly #memory: number

  constructor(options: GaussianOptions, saved?: SearchJson) {
    super('gaussian', options)
    this.#startups = checkCount('startups', options.startups ?? 10, 2)
    this.#memory = checkCount('memory', options.memory ?? 100, 4, 2_000)
    this.restore(saved)
  }

  protected propose(_number: number, random: Random): Proposal {
    const { space } = this.options
    const finished = this.told.map((number) => this.trials[number]!).filter((trial) => typeof trial.value === 'number')
    if (finished.length < this.#startups) return { settings: randomSettings(space, random) }
    const known = this.#remembered(finished)
    const y = standardised(Float64Array.from(known, (trial) => this.loss(trial)))
    const process = this.#believe(fitCovariance(encodeAll(space, known), y), y)
    if (!process) return { settings: randomSettings(space, random) }
    return { settings: this.#climb(process, Math.min(...y), known, random) }
  }

  #remembered(finished: readonly Trial[]): readonly Trial[] {
    if (finished.length <= this.#memory) return finished
    const half = Math.floor(this.#memory / 2)
    const best = [...finished].sort((a, b) => this.loss(a) - this.loss(b) || a.number - b.number).slice(0, half)
    return [...new Set([...best, ...finished.slice(half - this.#memory)])]
  }

  /** The process with the running trials added at their expected values. */
  #believe(process: GaussianProcess | undefined, y: Float64Array): GaussianProcess | undefined {
    const running = this.trials.filter(({ value }) => value === undefined)
    if (!process || running.length === 0) return process
    const added = encodeAll(this.options.space, running)
    const rows = Array.from({ length: added.rows }, (_, row) =>
      added.values.subarray(row * added.columns, (row + 1) * added.columns),
    )
    const means = rows.map((row) => predictGaussianProcess(process, row).mean)
    const values = Float64Array.from([...process.x.values, ...added.values])
    const all = matrix(process.x.rows + added.rows, added.columns, values)
    const covariance = { ...process.covariance, noise: Math.max(process.covariance.noise, 1e-6) }
    return fitGaussianProcess(all, Float64Array.from([...y, ...means]), covariance) ?? process
  }

  #climb(process: GaussianProcess, best: number, known: readonly Trial[], random: Random): Settings {
    const { space } = this.options
    let chosen: Settings = randomSettings(space, random)
    let gain = Number.NEGATIVE_INFINITY
    const consider = (settings: Settings) => {
      const { mean, deviation } = predictGaussianProcess(process, encodeSettings(space, settings))
      const found = expectedImprovement(mean, deviation, best)
      if (found <= gain) return
      chosen = settings
      gain = found
    }
    for (let count = 0; count < randomPoints; count++) consider(randomSettings(space, random))
    const leader = known.reduce((a, b) => (this.loss(b) < this.loss(a) ? b : a)).settings
    for (let count = 0; count < localPoints; count++) consider(mutateSettings(space, leader, random, 0.1))
    for (let round = 0; round < localRounds; round++) {
      const from = chosen
      for (let count = 0; count < localPoints; count++) consider(mutateSettings(space, from, random, 0.1 / 3 ** round))
    }
    return chosen
  }
}

/** Mean 0 and standard deviation 1; all 0 where the values are equal. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0))
}

function encodeAll(space: SearchSpace, trials: readonly Pick<Trial, 'settings'>[]): Matrix {
  const rows = trials.map(({ settings }) => encodeSettings(space, settings))
  const columns = rows[0]!.length
  const all = matrix(rows.length, columns)
  rows.forEach((row, index) => {
    all.values.set(row, index * columns)
  })
  return all
}

function encodeSettings(space: SearchSpace, settings: Settings): Float64Array {
  const cells: number[] = []
  for (const [name, dimension] of Object.entries(space)) {
    const setting = settings[name]
    if (dimension.kind !== 'category') cells.push(setting === undefined ? 0.5 : unitOf(dimension, setting as number))
    else
      for (let choice = 0; choice < dimension.choices.length; choice++)
        cells.push(setting !== undefined && choiceOf(dimension, setting) === choice ? 1 : 0)
  }
  return Float64Array.from(cells)
}
