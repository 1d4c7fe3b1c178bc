import { type Matrix, matrix } from '../matrix.ts'
import { gaussLegendre } from '../tree-shap/gauss-legendre.ts'
import { cellsAtOnce, type SlopeRows } from './expected-gradients.ts'
import { rowOf, rowsAtOnce } from './score-rows.ts'

/**
 * The mean slope by each cell on the straight way from `start` to each row, by Gauss-Legendre points: row-major as `x`.
 * Times the gap between row and start it is the integrated gradient (Sundararajan, Taly & Yan 2017, ICML), which adds up
 * to the score less that of the start as exactly as the slope is smooth. Where a cell is a sum of parts, each part's own
 * gap times the slope of the sum is what the part pushes.
 */
export async function integratedSlopes(
  slope: SlopeRows,
  x: Matrix,
  start: Float64Array,
  points: number,
  onProgress?: (fraction: number) => void,
): Promise<Float64Array> {
  const { columns, rows } = x
  const quadrature = gaussLegendre(points)
  const means = new Float64Array(x.values.length)
  const ways = rows * points
  const atOnce = Math.max(1, Math.min(rowsAtOnce, Math.floor(cellsAtOnce / Math.max(1, columns))))
  for (let from = 0; from < ways; from += atOnce) {
    const batch = matrix(Math.min(atOnce, ways - from), columns)
    for (let k = 0; k < batch.rows; k++) {
      const [row, point] = [Math.floor((from + k) / points), (from + k) % points]
      const own = rowOf(x, row)
      const into = rowOf(batch, k)
      for (let j = 0; j < columns; j++) into[j] = start[j]! + quadrature.points[point]! * (own[j]! - start[j]!)
    }
    const slopes = await slope(batch)
    for (let k = 0; k < batch.rows; k++) {
      const [row, point] = [Math.floor((from + k) / points), (from + k) % points]
      const into = rowOf({ rows, columns, values: means }, row)
      for (let j = 0; j < columns; j++) into[j]! += quadrature.weights[point]! * slopes[k * columns + j]!
    }
    onProgress?.((from + batch.rows) / ways)
  }
  return means
}
