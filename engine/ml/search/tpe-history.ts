import type { ParzenColumn, ParzenDimension } from './parzen.ts'
import { type Dimension, type SearchSpace, type Settings, stepOf } from './space.ts'
import { choiceOf, fromScale, scaleOf, toScale } from './unit-interval.ts'

/** A dimension as the estimator sees it. */
export function parzenDimension(dimension: Dimension): ParzenDimension {
  if (dimension.kind === 'category') return { kind: 'category', choices: dimension.choices.length }
  const half = stepOf(dimension) / 2
  const edge = (place: number, by: number) => toScale(dimension, fromScale(dimension, place) + by)
  return {
    kind: 'number',
    ...scaleOf(dimension),
    round: (place) => toScale(dimension, fromScale(dimension, place)),
    ...(half > 0 && { cell: (place: number) => [edge(place, -half), edge(place, half)] as const }),
  }
}

interface Split {
  readonly below: readonly number[]
  readonly above: readonly number[]
}

interface Column {
  readonly dimension: Dimension
  /** Place or choice by trial; NaN where the parameter did not exist. */
  readonly places: number[]
  /** Trials that have the parameter, by place; numbers only. */
  readonly order: number[]
}

/**
 * What TPE knows of past trials, kept sorted as they come so that a question costs no sort: places by dimension, and
 * trials by loss; of equal places the earlier trial comes first (Optuna leaves it to the machine). The best min(⌈n / 10⌉, 25) of n finished trials are "below"; the other finished and the running ones
 * "above", so that trials running side by side keep apart; failed trials are in neither. As Optuna 5 with its defaults.
 */
export class TpeHistory {
  readonly #columns: ReadonlyMap<string, Column>
  readonly #losses: number[] = []
  /** Finished trials, best first, the earlier of equals first. */
  readonly #ranked: number[] = []
  #split: Split | undefined

  constructor(space: SearchSpace) {
    const column = (dimension: Dimension): Column => ({ dimension, places: [], order: [] })
    this.#columns = new Map(Object.entries(space).map(([name, dimension]) => [name, column(dimension)]))
  }

  get finished(): number {
    return this.#ranked.length
  }

  /** A trial that begins. */
  begin(settings: Settings): void {
    const number = this.#losses.push(Number.NaN) - 1
    this.#split = undefined
    for (const [name, { dimension, places, order }] of this.#columns) {
      const setting = settings[name]
      const place =
        setting === undefined
          ? Number.NaN
          : dimension.kind === 'category'
            ? choiceOf(dimension, setting)
            : toScale(dimension, setting as number)
      places.push(place)
      if (dimension.kind === 'category' || Number.isNaN(place)) continue
      order.splice(
        firstPast(order, (other) => places[other]! > place),
        0,
        number,
      )
    }
  }

  /** A trial that ended; an infinite loss when it failed. */
  end(number: number, loss: number): void {
    this.#losses[number] = loss
    this.#split = undefined
    if (!Number.isFinite(loss)) return
    const past = (other: number) => this.#losses[other]! > loss || (this.#losses[other] === loss && other > number)
    this.#ranked.splice(firstPast(this.#ranked, past), 0, number)
  }

  /** The trials below and above, in the order in which they were asked for. */
  split(): Split {
    this.#split ??= this.#divide()
    return this.#split
  }

  #divide(): Split {
    const below = this.#ranked.slice(0, Math.min(Math.ceil(0.1 * this.finished), 25)).sort((a, b) => a - b)
    const above: number[] = []
    let next = 0
    for (let number = 0; number < this.#losses.length; number++) {
      if (number === below[next]) next++
      else if (this.#losses[number] !== Number.POSITIVE_INFINITY) above.push(number)
    }
    return { below, above }
  }

  /** The columns of some parameters over those of the trials that have all of them. */
  columns(names: readonly string[], trials: readonly number[]): readonly ParzenColumn[] {
    const columns = names.map((name) => this.#columns.get(name)!)
    const kept = trials.filter((number) => columns.every(({ places }) => !Number.isNaN(places[number]!)))
    const position = new Int32Array(this.#losses.length).fill(-1)
    for (let index = 0; index < kept.length; index++) position[kept[index]!] = index
    return columns.map(({ places, order }) => ({
      values: pick(places, kept),
      order: sortedPositions(order, position, kept.length),
    }))
  }
}

function pick(places: readonly number[], kept: readonly number[]): Float64Array {
  const values = new Float64Array(kept.length)
  for (let index = 0; index < kept.length; index++) values[index] = places[kept[index]!]!
  return values
}

/** Positions of the kept trials in sorted order; none for categories, which have no order. */
function sortedPositions(order: readonly number[], position: Int32Array, count: number): Uint32Array {
  const sorted = new Uint32Array(order.length > 0 ? count : 0)
  let next = 0
  for (const number of order) if (position[number]! >= 0) sorted[next++] = position[number]!
  return sorted
}

/** The first index whose element is past; the elements before it are not. */
function firstPast(sorted: readonly number[], isPast: (element: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isPast(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
