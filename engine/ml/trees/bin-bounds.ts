import { type FeatureBins, ProblemError } from '#contract'

const mostBins = 254
const sampleRows = 200_000

/** Sorted, missing values last; all of it where there are not too many. */
function sampleOf(column: Float64Array): Float64Array {
  if (column.length <= sampleRows) return column.slice().sort()
  const size = sampleRows
  const sample = new Float64Array(size)
  for (let i = 0; i < size; i++) sample[i] = column[Math.floor((i * column.length) / size)]!
  return sample.sort()
}

/** Quantile bounds: midpoints of neighbours when there are few distinct values, else equal counts over a fixed sample. */
export function binBounds(column: Float64Array): FeatureBins {
  const sorted = sampleOf(column)
  let count = sorted.length
  while (count > 0 && Number.isNaN(sorted[count - 1]!)) count--
  const hasMissing = count < sorted.length || (sorted.length < column.length && column.some(Number.isNaN))
  const midpoints: number[] = []
  for (let i = 1; i < count && midpoints.length < mostBins; i++) {
    if (sorted[i] !== sorted[i - 1]) midpoints.push(midpoint(sorted[i - 1]!, sorted[i]!))
  }
  if (midpoints.length < mostBins) return { bounds: Float64Array.from(midpoints), hasMissing }
  const bounds: number[] = []
  for (let quantile = 1; quantile < mostBins; quantile++) {
    const at = Math.floor((quantile * count) / mostBins)
    const bound = midpoint(sorted[at - 1]!, sorted[at]!)
    if (bounds.length === 0 || bound > bounds.at(-1)!) bounds.push(bound)
  }
  return { bounds: Float64Array.from(bounds), hasMissing }
}

/** One bin a value, for features without order. */
export function categoryBins(column: Float64Array, feature: number): FeatureBins {
  const values = new Set(column)
  const hasMissing = values.delete(Number.NaN)
  if (values.size > mostBins)
    throw new ProblemError({
      code: 'not-supported',
      message: `Feature ${feature + 1} has ${values.size} categories; trees split at most ${mostBins}.`,
      fix: 'Join rare categories, or encode the column as numbers.',
    })
  const categories = Float64Array.from(values).sort()
  const bounds = categories.subarray(1).map((value, i) => midpoint(categories[i]!, value))
  return { bounds, hasMissing, categories }
}

/** Between two values and never above the upper one, also where their sum overflows or rounds. */
function midpoint(a: number, b: number): number {
  const middle = a / 2 + b / 2
  return middle > a && middle < b ? middle : a
}
