import type { FeatureBins } from '#contract'

/** What one feature adds to the margin: a value a bin; the last is that of missing values. */
export interface MainEffect {
  readonly feature: number
  readonly bounds: Float64Array
  readonly values: Float64Array
  /** Training weight a bin. */
  readonly cover: Float64Array
}

/** What two features add together, row-major by the first's bins and the second's, missing values last in each. */
export interface PairEffect {
  readonly features: readonly [number, number]
  readonly bounds: readonly [Float64Array, Float64Array]
  readonly values: Float64Array
  readonly cover: Float64Array
}

/** A margin that is a sum of tables: everything it does can be drawn. */
export interface AdditiveModel {
  readonly intercept: number
  readonly mains: readonly MainEffect[]
  readonly pairs: readonly PairEffect[]
}

/** Number of bounds below a value; missing values come after the last bin. */
export function binOf(value: number, bounds: Float64Array): number {
  if (Number.isNaN(value)) return bounds.length + 1
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (bounds[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

export function binColumn(column: Float64Array, { bounds }: Pick<FeatureBins, 'bounds'>): Uint8Array {
  return Uint8Array.from(column, (value) => binOf(value, bounds))
}

/** Margins of rows: the intercept and one cell of each table. */
export function additiveMargins(
  { intercept, mains, pairs }: AdditiveModel,
  columns: readonly Float64Array[],
  rows: number,
): Float64Array {
  const margins = new Float64Array(rows).fill(intercept)
  for (const { feature, bounds, values } of mains)
    for (let row = 0; row < rows; row++) margins[row]! += values[binOf(columns[feature]![row]!, bounds)]!
  for (const { features, bounds, values } of pairs) {
    const width = bounds[1].length + 2
    const [first, second] = [columns[features[0]]!, columns[features[1]]!]
    for (let row = 0; row < rows; row++)
      margins[row]! += values[binOf(first[row]!, bounds[0]) * width + binOf(second[row]!, bounds[1])]!
  }
  return margins
}

/**
 * Moves into the single tables what they can say alone, and into the intercept what needs no feature: afterwards every
 * table has weighted mean 0, and every pair has it along each row and column (Lengerich et al. 2020, Purifying interaction
 * effects with the functional ANOVA, AISTATS). Predictions stay. A pair's bounds must be among its features' own.
 */
export function purify(model: AdditiveModel): AdditiveModel {
  const mains = model.mains.map((main) => ({ ...main, values: main.values.slice() }))
  const mainOf = new Map(mains.map((main) => [main.feature, main]))
  const pairs = model.pairs.map((pair) => {
    const values = pair.values.slice()
    const sizes = [pair.bounds[0].length + 2, pair.bounds[1].length + 2] as const
    for (let sweep = 0; sweep < 200; sweep++) {
      let moved = 0
      for (const axis of [0, 1] as const) {
        const means = lineMeans(values, pair.cover, sizes, axis)
        moved = Math.max(moved, ...means.map(Math.abs))
        for (let at = 0; at < values.length; at++) values[at]! -= means[lineOf(at, sizes[1], axis)]!
        addLines(mainOf.get(pair.features[axis])!, pair.bounds[axis], means)
      }
      if (moved < 1e-14) break
    }
    return { ...pair, values }
  })
  let { intercept } = model
  for (const main of mains) {
    const total = main.cover.reduce((sum, weight) => sum + weight, 0)
    const mean = total > 0 ? main.values.reduce((sum, value, bin) => sum + value * main.cover[bin]!, 0) / total : 0
    for (let bin = 0; bin < main.values.length; bin++) main.values[bin]! -= mean
    intercept += mean
  }
  return { intercept, mains, pairs }
}

const lineOf = (at: number, width: number, axis: 0 | 1) => (axis === 0 ? Math.floor(at / width) : at % width)

/** Weighted mean of each row (axis 0) or column (axis 1) of a pair; 0 where nothing weighs. */
function lineMeans(values: Float64Array, cover: Float64Array, sizes: readonly [number, number], axis: 0 | 1) {
  const sums = new Float64Array(sizes[axis])
  const weights = new Float64Array(sizes[axis])
  for (let at = 0; at < values.length; at++) {
    const line = lineOf(at, sizes[1], axis)
    sums[line]! += cover[at]! * values[at]!
    weights[line]! += cover[at]!
  }
  return sums.map((sum, line) => (weights[line]! > 0 ? sum / weights[line]! : 0))
}

/** Adds a value for each of the pair's coarser bins to the feature's own bins within. */
function addLines(
  { bounds, values }: { bounds: Float64Array; values: Float64Array },
  coarse: Float64Array,
  lines: Float64Array,
) {
  for (let bin = 0; bin <= bounds.length; bin++)
    values[bin]! += lines[bin < bounds.length ? binOf(bounds[bin]!, coarse) : coarse.length]!
  values[bounds.length + 1]! += lines[coarse.length + 1]!
}
