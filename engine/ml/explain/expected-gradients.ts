import { ProblemError } from '#contract'
import { type Matrix, matrix } from '../matrix.ts'
import { gaussLegendre } from '../tree-shap/gauss-legendre.ts'
import type { Contributions } from './linear-shap.ts'
import { playersOf } from './masked-game.ts'
import { meanOf, needRows, rowsAtOnce, type ScoreRows, scoreAll } from './score-rows.ts'

/** Slope of the score by every cell of the rows, row-major as the rows are. */
export type SlopeRows = (rows: Matrix) => Float64Array | PromiseLike<Float64Array>

export interface ExpectedGradientsOptions {
  /** Gauss-Legendre points on each straight line from a background row; exact for slopes of degree 2 n - 1. */
  readonly points?: number
  readonly onProgress?: (fraction: number) => void
}

/**
 * Expected gradients (Erion et al. 2021, Nature Machine Intelligence 3:620): integrated gradients (Sundararajan, Taly &
 * Yan 2017, ICML), (x_j - b_j) times the mean slope on the way from b to x, averaged over the background b. shap's
 * GradientExplainer draws background rows and places at random; here every background row is taken and the way is
 * integrated by quadrature, so the values are the same every time and add up to the score less the base as exactly as
 * the slope is smooth. Columns of the same source are one player. Models must be differentiable: trees are not.
 */
export async function expectedGradients(
  score: ScoreRows,
  slope: SlopeRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  { points = 32, onProgress }: ExpectedGradientsOptions = {},
): Promise<Contributions> {
  needRows(background, 'background')
  const { names, of } = playersOf(sources)
  const values = new Float64Array(x.rows * names.length)
  const quadrature = gaussLegendre(points)
  const ways = x.rows * background.rows * points
  const atOnce = Math.max(1, Math.min(rowsAtOnce, Math.floor(cellsAtOnce / x.columns)))
  for (let from = 0; from < ways; from += atOnce) {
    const count = Math.min(atOnce, ways - from)
    const batch = matrix(count, x.columns)
    const gaps = new Float64Array(batch.values.length)
    for (let k = 0; k < count; k++) {
      const { row, other, point } = placeOf(from + k, background.rows, points)
      const t = quadrature.points[point]!
      for (let j = 0; j < x.columns; j++) {
        const start = background.values[other * x.columns + j]!
        const gap = x.values[row * x.columns + j]! - start
        batch.values[k * x.columns + j] = start + t * gap
        gaps[k * x.columns + j] = gap
      }
    }
    const slopes = await slope(batch)
    if (slopes.length !== gaps.length)
      throw new RangeError(`the model gave ${slopes.length} slopes for ${gaps.length} cells`)
    for (let k = 0; k < count; k++) {
      const { row, point } = placeOf(from + k, background.rows, points)
      const weight = quadrature.weights[point]! / background.rows
      for (let j = 0; j < x.columns; j++) {
        const at = k * x.columns + j
        values[row * names.length + of[j]!]! += weight * gaps[at]! * slopes[at]!
      }
    }
    onProgress?.((from + count) / ways)
  }
  refuseMissing(values)
  return { base: meanOf(await scoreAll(score, background)), features: names, values }
}

/** Numbers that are held at once: wide rows, as of words in vectors, come in smaller parts. */
export const cellsAtOnce = 1 << 23

/** Which row, background row and point of the way the k-th scored row is. */
const placeOf = (k: number, backgroundRows: number, points: number) => ({
  row: Math.floor(k / (backgroundRows * points)),
  other: Math.floor(k / points) % backgroundRows,
  point: k % points,
})

function refuseMissing(values: Float64Array): void {
  if (!values.some(Number.isNaN)) return
  throw new ProblemError({
    code: 'data-bad',
    message: 'A way from the background to a row has no slope: a number is missing, or the model gives none.',
    fix: 'Fill in missing numbers first, or explain by permutation',
  })
}
