import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import type { Network } from '../neural/network.ts'
import { createRandom } from '../random/random.ts'
import { searches } from '../search/search-from-json.ts'
import type { Settings } from '../search/space.ts'
import type { Search, SearchJson, Trial } from '../search/trial-search.ts'
import type { ArchitectureSpace } from './architecture-space.ts'
import { growNetwork } from './grow-network.ts'
import { type JointObjective, jointScore, keepsLimits, type RowLatency } from './joint-objective.ts'
import { networkCost } from './network-cost.ts'
import type { CandidateJob, CandidateResult } from './train-candidate.ts'

export const strategies = {
  grid: 'grid',
  random: 'random',
  bayesian: 'tpe',
  evolution: 'evolution',
  reinforcement: 'controller',
} as const
export type Strategy = keyof typeof strategies
/** How a candidate's worth is found without paying for all of its training. */
export type Estimation = 'full' | 'low-fidelity' | 'curve' | 'morphism'

export interface ArchitectureSearchOptions {
  readonly strategy: Strategy
  readonly estimation: Estimation
  readonly objective: JointObjective
  /** Candidates that are trained. */
  readonly trials: number
  /** Epochs of a full training. */
  readonly epochs: number
  /** Share of the epochs, and of the rows, that low fidelity spends; a child of a morphism gets this share of the epochs. */
  readonly fidelity: number
  /** Pictures at half their height and width in trainings of low fidelity. */
  readonly smaller?: boolean
  /** How many of the best are trained in full at the end of a search of low fidelity. */
  readonly finalists: number
  readonly seed: number
  /**
   * Times networks, each as an untrained one, in their order. Then candidates are measured before they are trained; the same
   * network has to get the same figures when it is asked for again, so that an interrupted search goes on as it would have.
   */
  readonly measure?: (networks: readonly Network[]) => Promise<readonly RowLatency[]>
}

/** One candidate as the lineage keeps it. */
export interface CandidateRecord {
  readonly number: number
  readonly network: Network
  /** The setting it came from; a grown one has none. */
  readonly settings?: Settings
  /** Number of the candidate it grew from or finishes, and what became of it. */
  readonly parent?: number
  readonly what?: string
  readonly bytes: number
  readonly multiplyAdds: number
  readonly parameters: number
  /** Where it was measured; that of a finalist is its parent's. */
  readonly latency?: RowLatency
  readonly status: 'trained' | 'short' | 'hopeless' | 'diverged'
  readonly quality: number | null
  readonly loss: number | null
  readonly score: number | null
  readonly epochs: number
}

/** A job with what the record needs of it. */
export interface PlannedCandidate {
  readonly number: number
  readonly job: CandidateJob
}

/** How many candidates are out at a time, whatever the number of threads: so results do not depend on it. */
export const batchSize = 4
const mostRefusals = 400
/** After so many that are too slow, with none that is quick enough, there is nothing to find. */
const mostSlow = 100
/** What became of a candidate of low fidelity that is among the best. */
const inFull = 'trained in full'
/** Known designs that a search begins with; a grid goes in its order alone. */
const knownFirst = 2
/** Trained parents that morphisms choose from. */
const keptParents = 4

interface Planned {
  readonly record: Pick<
    CandidateRecord,
    'network' | 'settings' | 'parent' | 'what' | 'bytes' | 'multiplyAdds' | 'parameters' | 'latency'
  >
  readonly short: boolean
  /** Weights that a parent hands down. */
  readonly start?: TrainedNetwork
  /** One of the designs that people know. */
  readonly known?: boolean
  /** Number in the inner search that waits for the score. */
  readonly asked?: number
}

/** What goes on in another process as it would have here. */
export interface ArchitectureSearchJson {
  readonly inner: SearchJson
  readonly records: readonly CandidateRecord[]
  readonly refusals: number
  /** How many of them were too slow. */
  readonly slow?: number
  /** Weights that morphisms hand down. */
  readonly parents: readonly {
    readonly number: number
    readonly parameters: readonly number[]
    readonly statistics: readonly number[]
  }[]
}

/**
 * Neural architecture search as ask and tell, in batches: `nextBatch` gives what to train, `tell` takes all of its results
 * in order. Candidates over a hard limit are refused before any training (and told to the strategy as failed). A state from
 * before a batch draws the same batch again.
 */
export class ArchitectureSearch {
  readonly #options: ArchitectureSearchOptions
  readonly #space: ArchitectureSpace
  readonly #inner: Search
  readonly #records: CandidateRecord[] = []
  readonly #parents = new Map<number, TrainedNetwork>()
  readonly #seen = new Set<string>()
  #planned: Planned[] = []
  #known: readonly Settings[] = []
  /** How many more of the known designs are to be trained. */
  #knownLeft = knownFirst
  #refusals = 0
  #slow = 0

  constructor(space: ArchitectureSpace, options: ArchitectureSearchOptions, saved?: ArchitectureSearchJson) {
    this.#options = options
    this.#space = space
    const { strategy, seed } = options
    const make = searches[strategies[strategy]]!
    this.#inner = make(saved?.inner.options ?? innerOptions(space, strategy, seed), saved?.inner)
    const begun = saved !== undefined && saved.records.length + saved.refusals > 0
    if (!begun && strategy !== 'grid') this.#known = this.#knownWithin(space)
    if (!saved) return
    this.#records.push(...saved.records)
    this.#refusals = saved.refusals
    this.#slow = saved.slow ?? 0
    for (const { number, parameters, statistics } of saved.parents)
      this.#parents.set(number, {
        network: saved.records[number]!.network,
        parameters: Float32Array.from(parameters),
        statistics: Float32Array.from(statistics),
      })
    for (const { network } of saved.records) this.#seen.add(JSON.stringify(network.layers))
  }

  get records(): readonly CandidateRecord[] {
    return this.#records
  }

  /** Whether it drew too many that were there before or over a limit to go on. */
  get exhausted(): boolean {
    return this.#refusals >= mostRefusals
  }

  /** Trainings left to do, the one under way included; for progress. */
  get left(): number {
    return this.#isFinal() ? this.#finalistsLeft().length : this.#trialsLeft() + this.#finalistCount()
  }

  /** Candidates to train next; empty when the search is over. */
  async nextBatch(): Promise<readonly PlannedCandidate[]> {
    const wanted = Math.min(batchSize, this.#trialsLeft())
    this.#planned = []
    while (this.#planned.length < wanted) {
      const drawn = this.#draw(Math.min(wanted, this.#trialsLeft()) - this.#planned.length)
      if (drawn.length === 0) break
      this.#planned.push(...(await this.#quickEnough(drawn)))
    }
    if (this.#planned.length === 0) this.#planned = this.#finalistsLeft().slice(0, batchSize)
    const first = this.#records.length
    return this.#planned.map((planned, index) => ({ number: first + index, job: this.#jobOf(planned, first + index) }))
  }

  /** Results of the batch, in its order. */
  tell(results: readonly CandidateResult[]): void {
    results.forEach((result, index) => {
      const planned = this.#planned[index]!
      const number = this.#records.length
      const { quality } = result
      const failed = !Number.isFinite(quality)
      const score = failed ? null : jointScore({ quality, ...planned.record }, this.#options.objective)
      this.#records.push({
        number,
        ...planned.record,
        status: failed ? 'diverged' : result.reason === 'forecast' ? 'hopeless' : planned.short ? 'short' : 'trained',
        quality: failed ? null : quality,
        loss: Number.isFinite(result.loss) ? result.loss : null,
        score,
        epochs: result.epochs,
      })
      if (planned.asked !== undefined) this.#inner.tell(planned.asked, score)
      if (score !== null) this.#keepParent(number, { network: planned.record.network, ...result })
    })
    this.#planned = []
  }

  /** The best candidate that was trained to the end and keeps the limits; else the best there is. */
  best(): CandidateRecord | undefined {
    const scored = this.#records.filter(({ score }) => score !== null)
    const whole = scored.filter(({ status }) => status === 'trained')
    const within = whole.filter((record) => keepsLimits(record, this.#options.objective))
    const among = within.length > 0 ? within : whole.length > 0 ? whole : scored
    return among.reduce<CandidateRecord | undefined>(
      (best, record) => (best === undefined || record.score! > best.score! ? record : best),
      undefined,
    )
  }

  /** The training a record came from, where it did not go on from a parent's weights; those are kept for the best. */
  jobAgain({ number, status, network }: CandidateRecord): CandidateJob {
    const start = this.#parents.get(number)
    const record = { network, bytes: 0, multiplyAdds: 0, parameters: 0 }
    const planned = { record, short: status === 'short', ...(start && { start }) }
    return { ...this.#jobOf(planned, number), smaller: false, ...(start && { epochs: 0 }) }
  }

  toJson(): ArchitectureSearchJson {
    return {
      inner: this.#inner.toJson(),
      records: this.#records,
      refusals: this.#refusals,
      ...(this.#slow > 0 && { slow: this.#slow }),
      parents: [...this.#parents].map(([number, { parameters, statistics }]) => ({
        number,
        parameters: [...parameters],
        statistics: [...statistics],
      })),
    }
  }

  #trialsLeft(): number {
    const hopeless = this.#slow >= mostSlow && this.#records.length + this.#planned.length === 0
    if (hopeless || this.exhausted) return 0
    const done = this.#records.filter(({ what }) => what !== inFull).length
    return Math.max(0, this.#options.trials - done)
  }

  #isFinal(): boolean {
    return this.#trialsLeft() === 0
  }

  #finalistCount(): number {
    return this.#options.estimation === 'low-fidelity' ? Math.min(this.#options.finalists, this.#options.trials) : 0
  }

  /** The best short trainings that were not done in full yet. */
  #finalistsLeft(): Planned[] {
    if (this.#options.estimation !== 'low-fidelity') return []
    const done = new Set(this.#records.filter(({ what }) => what === inFull).map(({ parent }) => parent))
    return this.#records
      .filter(({ status, score }) => status === 'short' && score !== null)
      .sort((a, b) => b.score! - a.score! || a.number - b.number)
      .slice(0, this.#options.finalists)
      .filter(({ number }) => !done.has(number))
      .map(({ number, network, bytes, multiplyAdds, parameters, latency }) => ({
        record: { network, bytes, multiplyAdds, parameters, ...(latency && { latency }), parent: number, what: inFull },
        short: false,
      }))
  }

  /** Known designs that keep the limits, the strongest first. */
  #knownWithin({ known = [], network }: ArchitectureSpace): readonly Settings[] {
    return known.filter((settings) => keepsLimits(networkCost(network(settings)), this.#options.objective))
  }

  /** A known design, or the strategy's next trial. */
  #ask(): { readonly trial: Trial | undefined; readonly known: boolean } {
    const [first, ...others] = this.#known
    if (!first || this.#knownLeft === 0) return { trial: this.#inner.ask(), known: false }
    this.#known = others
    this.#knownLeft--
    return { trial: this.#inner.suggest(first), known: true }
  }

  #draw(count: number): readonly Planned[] {
    const drawn: Planned[] = []
    while (drawn.length < count) {
      const planned = this.#grown(this.#records.length + this.#planned.length + drawn.length) ?? this.#drawn()
      if (!planned) break
      drawn.push(planned)
    }
    return drawn
  }

  /** Those that keep the limit of time, measured side by side; the others are refused. */
  async #quickEnough(drawn: readonly Planned[]): Promise<readonly Planned[]> {
    const { measure, objective } = this.#options
    if (!measure) return drawn
    const latencies = await measure(drawn.map(({ record }) => record.network))
    return drawn.flatMap((planned, at) => {
      const record = { ...planned.record, latency: latencies[at]! }
      if (keepsLimits(record, objective)) return { ...planned, record }
      this.#refusals++
      this.#slow++
      if (planned.known) this.#knownLeft++
      if (planned.asked !== undefined) this.#inner.tell(planned.asked, null)
      return []
    })
  }

  /** The next candidate of the strategy that keeps the limits and was not there before. */
  #drawn(): Planned | undefined {
    while (this.#refusals < mostRefusals) {
      const { trial, known } = this.#ask()
      if (!trial) return undefined
      const network = this.#space.network(trial.settings)
      const { bytes, multiplyAdds, parameters } = networkCost(network)
      const key = JSON.stringify(network.layers)
      const seen = this.#seen.has(key)
      if (!seen && keepsLimits({ bytes, multiplyAdds }, this.#options.objective)) {
        this.#seen.add(key)
        const short = this.#options.estimation === 'low-fidelity'
        return {
          record: { network, settings: trial.settings, bytes, multiplyAdds, parameters },
          short,
          asked: trial.number,
          ...(known && { known }),
        }
      }
      this.#refusals++
      this.#inner.tell(trial.number, null)
    }
    return undefined
  }

  /** From a quarter of the trials on, morphisms grow the best candidates instead of drawing new ones. */
  #grown(number: number): Planned | undefined {
    const { estimation, trials, seed, objective } = this.#options
    if (estimation !== 'morphism' || number < Math.max(2, Math.ceil(trials / 4)) || this.#parents.size === 0)
      return undefined
    // Those that were too slow have taken numbers too.
    const random = createRandom(seed)
      .split('grow')
      .split(number + this.#slow)
    const parents = [...this.#parents].sort(([a], [b]) => this.#records[b]!.score! - this.#records[a]!.score! || a - b)
    for (let tries = 0; tries < 20; tries++) {
      const [parent, trained] = parents[random.integer(parents.length)]!
      const grown = growNetwork(trained, random)
      if (!grown) continue
      const { bytes, multiplyAdds, parameters } = networkCost(grown.trained.network)
      if (!keepsLimits({ bytes, multiplyAdds }, objective)) continue
      return {
        record: { network: grown.trained.network, bytes, multiplyAdds, parameters, parent, what: grown.what },
        short: false,
        start: grown.trained,
      }
    }
    return undefined
  }

  #jobOf({ record, short, start }: Planned, number: number): CandidateJob {
    const { epochs, fidelity, smaller, seed, estimation } = this.#options
    const few = Math.max(1, Math.round(epochs * fidelity))
    const best = estimation === 'curve' ? this.#lowestLoss() : undefined
    return {
      network: record.network,
      seed: createRandom(seed).split('train').split(number).uint32(),
      epochs: short || start ? few : epochs,
      ...(short && { rowShare: Math.max(fidelity, 0.05) }),
      ...(short && smaller && record.network.inputs.length === 3 && { smaller }),
      ...(start && { start }),
      ...(best !== undefined && { toBeat: best }),
    }
  }

  #lowestLoss(): number | undefined {
    const losses = this.#records.flatMap(({ loss, status }) => (status === 'trained' && loss !== null ? [loss] : []))
    return losses.length > 0 ? Math.min(...losses) : undefined
  }

  #keepParent(number: number, trained: TrainedNetwork): void {
    if (this.#options.estimation !== 'morphism') return
    const { network, parameters, statistics } = trained
    this.#parents.set(number, { network, parameters, statistics })
    const worstFirst = [...this.#parents.keys()].sort(
      (a, b) => this.#records[a]!.score! - this.#records[b]!.score! || b - a,
    )
    for (const weak of worstFirst.slice(0, Math.max(0, this.#parents.size - keptParents))) this.#parents.delete(weak)
  }
}

function innerOptions({ space }: ArchitectureSpace, strategy: Strategy, seed: number) {
  const common = { space, seed, direction: 'maximise' as const }
  if (strategy === 'bayesian') return { ...common, startups: 8 }
  if (strategy === 'grid') return { ...common, spread: true }
  return strategy === 'evolution' ? { ...common, population: 10, tournament: 3 } : common
}
