import { ProblemError } from '#contract'
import { type Dimension, isActive, type SearchSpace, type Setting, type Settings, sizeOf } from './space.ts'
import { type Proposal, type SearchJson, type SearchOptions, TrialSearch } from './trial-search.ts'
import { fromScale, toScale } from './unit-interval.ts'

export interface GridOptions extends SearchOptions {
  /** Values a number takes, evenly over its scale, ends included; fewer where its range has fewer. 5 unless given. */
  readonly points?: number
}

const largestGrid = 100_000

/** Every combination of the values of each dimension, the last dimension fastest; a conditional one only where it exists. */
export class GridSearch extends TrialSearch<GridOptions> {
  readonly #grid: readonly Settings[]

  constructor(options: GridOptions, saved?: SearchJson) {
    super('grid', options)
    this.#grid = gridSettings(options.space, options.points ?? 5)
    this.restore(saved)
  }

  /** How many trials the whole grid has. */
  get size(): number {
    return this.#grid.length
  }

  protected propose(number: number): Proposal | undefined {
    const settings = this.#grid[number]
    return settings && { settings }
  }
}

export function gridSettings(space: SearchSpace, points: number): readonly Settings[] {
  let grid: Settings[] = [{}]
  for (const [name, dimension] of Object.entries(space)) {
    const values = gridValues(dimension, points)
    const size = grid.reduce((sum, settings) => sum + (isActive(dimension, settings) ? values.length : 1), 0)
    if (size > largestGrid)
      throw new ProblemError({
        code: 'parameter-bad',
        message: `The grid has more than ${largestGrid.toLocaleString('en')} combinations.`,
        path: ['params', 'points'],
        fix: 'Lower the number of points, or search at random.',
      })
    grid = grid.flatMap((settings) =>
      isActive(dimension, settings) ? values.map((value) => ({ ...settings, [name]: value })) : [settings],
    )
  }
  return grid
}

function gridValues(dimension: Dimension, points: number): readonly Setting[] {
  if (dimension.kind === 'category') return dimension.choices
  const count = Math.min(points, sizeOf(dimension))
  if (count <= 1) return [dimension.low]
  const low = toScale(dimension, dimension.low)
  const high = toScale(dimension, dimension.high)
  const values = Array.from({ length: count }, (_, k) => fromScale(dimension, low + ((high - low) * k) / (count - 1)))
  return [...new Set(values)]
}
