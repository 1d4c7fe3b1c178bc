import type { Explanation, FrameColumn } from '#contract'
import type { Contributions } from './linear-shap.ts'

type Direction = Explanation['features'][number]['direction']

/** Mean absolute contribution of each feature, in the order of `features`. */
export function meanAbsolute({ features, values }: Contributions): Float64Array {
  const width = features.length
  const sums = new Float64Array(width)
  for (let at = 0; at < values.length; at++) sums[at % width]! += Math.abs(values[at]!)
  return sums.map((sum) => (values.length > 0 ? sum / (values.length / width) : 0))
}

/** Standard errors of these means from the drawing of coalitions, which is independent from row to row. */
function meanErrors({ features, errors }: Contributions): Float64Array | undefined {
  if (!errors) return undefined
  const width = features.length
  const squares = new Float64Array(width)
  for (let at = 0; at < errors.length; at++) squares[at % width]! += errors[at]! ** 2
  return squares.map((sum) => Math.sqrt(sum) / (errors.length / width))
}

/** Correlations weaker than this, either way, are called mixed. */
const weak = 0.1

/**
 * Whether a higher value helps: the sign of the correlation between a feature's known values and its contributions. Text
 * has no order, so it is mixed.
 */
export function direction(
  { cells }: Pick<FrameColumn, 'cells'>,
  { features, values }: Contributions,
  feature: number,
): Direction {
  if (cells.kind === 'text') return 'mixed'
  const width = features.length
  const r = correlation(cells.values, (row) => values[row * width + feature]!)
  if (r > weak) return 'higher-helps'
  return r < -weak ? 'higher-hurts' : 'mixed'
}

/** Pearson's correlation over the rows whose value is known; 0 when one side does not vary. */
function correlation(x: Float64Array, y: (row: number) => number): number {
  const known = Uint32Array.from(x.keys()).filter((row) => Number.isFinite(x[row]!))
  let meanX = 0
  let meanY = 0
  for (const row of known) {
    meanX += x[row]! / known.length
    meanY += y(row) / known.length
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (const row of known) {
    const [dx, dy] = [x[row]! - meanX, y(row) - meanY]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx) / Math.sqrt(yy) : 0
}

/** Features by importance, the most important first, with their directions. Equal ones stay in the model's order. */
export function globalImportance(
  contributions: Contributions,
  column: (feature: string) => Pick<FrameColumn, 'cells'>,
): Explanation['features'] {
  const importance = meanAbsolute(contributions)
  const errors = meanErrors(contributions)
  return contributions.features
    .map((feature, index) => ({
      feature,
      importance: importance[index]!,
      direction: direction(column(feature), contributions, index),
      ...(errors && { error: errors[index]! }),
    }))
    .sort((a, b) => b.importance - a.importance)
}
