import { ProblemError } from '#contract'
import { type Dimension, isActive, type SearchSpace, type Setting, type Settings, sizeOf } from './space.ts'
import { type Proposal, type SearchJson, type SearchOptions, TrialSearch } from './trial-search.ts'
import { fromScale, toScale } from './unit-interval.ts'

export interface GridOptions extends SearchOptions {
  /** Values a number takes, evenly over its scale, ends included; fewer where its range has fewer. 5 unless given. */
  readonly points?: number
  /** Goes through the grid in strides, so that the first few trials are spread over all of it; in order unless told. */
  readonly spread?: boolean
}

/** Every combination of the values of each dimension, the last dimension fastest; a conditional one only where it exists. */
export class GridSearch extends TrialSearch<GridOptions> {
  /** How many trials the whole grid has. */
  readonly size: number
  readonly #grid: Grid
  readonly #stride: number

  constructor(options: GridOptions, saved?: SearchJson) {
    super('grid', options)
    this.#grid = new Grid(options.space, options.points ?? 5)
    this.size = this.#grid.size
    this.#stride = options.spread ? evenStride(this.size) : 1
    this.restore(saved)
  }

  protected propose(number: number): Proposal | undefined {
    if (number >= this.size) return undefined
    return { settings: this.#grid.at(Number((BigInt(number) * BigInt(this.#stride)) % BigInt(this.size))) }
  }
}

/** How many combinations there are. */
export const gridSize = (space: SearchSpace, points: number): number => new Grid(space, points).size

/** All of a grid that is known to be small. */
export function gridSettings(space: SearchSpace, points: number): readonly Settings[] {
  const grid = new Grid(space, points)
  return Array.from({ length: grid.size }, (_, number) => grid.at(number))
}

/** The combinations by their number, none of which is kept. */
class Grid {
  readonly size: number
  readonly #names: readonly string[]
  readonly #space: SearchSpace
  readonly #values: readonly (readonly Setting[])[]
  readonly #counts = new Map<string, number>()

  constructor(space: SearchSpace, points: number) {
    this.#space = space
    this.#names = Object.keys(space)
    this.#values = this.#names.map((name) => gridValues(space[name]!, points))
    this.size = this.#count(0, {})
    if (this.size > Number.MAX_SAFE_INTEGER)
      throw new ProblemError({
        code: 'parameter-bad',
        message: 'The grid has more combinations than can be counted.',
        path: ['params', 'points'],
        fix: 'Lower the number of points, or search at random.',
      })
  }

  at(number: number): Settings {
    const settings: Record<string, Setting> = {}
    let left = number
    this.#names.forEach((name, index) => {
      if (!isActive(this.#space[name]!, settings)) return
      for (const value of this.#values[index]!) {
        settings[name] = value
        const behind = this.#count(index + 1, settings)
        if (left < behind) return
        left -= behind
      }
    })
    return settings
  }

  /** Combinations of the dimensions from one on, beside the settings already made. */
  #count(from: number, settings: Settings): number {
    const name = this.#names[from]
    if (name === undefined) return 1
    const asked = this.#names.slice(from).flatMap((later) => this.#space[later]!.when?.name ?? [])
    const key = JSON.stringify([from, asked.map((one) => settings[one] ?? null)])
    const known = this.#counts.get(key)
    if (known !== undefined) return known
    const decides = asked.includes(name)
    const values = this.#values[from]!
    const behind = (value: Setting) => this.#count(from + 1, { ...settings, [name]: value })
    const count = !isActive(this.#space[name]!, settings)
      ? this.#count(from + 1, settings)
      : decides
        ? values.reduce<number>((sum, value) => sum + behind(value), 0)
        : values.length * behind(values[0]!)
    this.#counts.set(key, count)
    return count
  }
}

/** Near the golden share of all, so that multiples lie evenly, and without a common divisor, so that all are met. */
function evenStride(size: number): number {
  for (let stride = Math.max(1, Math.round(0.6180339887 * size)); ; stride--)
    if (commonDivisor(stride, size) === 1) return stride
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

function gridValues(dimension: Dimension, points: number): readonly Setting[] {
  if (dimension.kind === 'category') return dimension.choices
  const count = Math.min(points, sizeOf(dimension))
  if (count <= 1) return [dimension.low]
  const low = toScale(dimension, dimension.low)
  const high = toScale(dimension, dimension.high)
  const values = Array.from({ length: count }, (_, k) => fromScale(dimension, low + ((high - low) * k) / (count - 1)))
  return [...new Set(values)]
}
