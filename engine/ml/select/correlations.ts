import type { DenseProducts } from '#contract'
import { mirrorLower, plainProducts } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { dropTwins, type TwinChoice } from './drop-twins.ts'

const blockRows = 512

/**
 * Pearson correlations of all pairs of columns, symmetric, 1 on the diagonal. A pair with missing cells (NaN) uses the
 * rows where both are present, as pandas does; 0 where a column is constant or fewer than two rows are left.
 */
export function correlations(columns: readonly Float64Array[], products: DenseProducts = plainProducts): Matrix {
  const p = columns.length
  const out = matrix(p, p)
  const scales = columns.map(centreAndScale)
  const complete = scales.flatMap((scale, column) => (scale ? [column] : []))
  addComplete(columns, scales, complete, out, products)
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++)
      if (!scales[i] || !scales[j]) out.values[i * p + j] = pairCorrelation(columns[i]!, columns[j]!)
    out.values[i * p + i] = 1
  }
  mirrorLower(out.values, p)
  return out
}

interface Scale {
  readonly mean: number
  /** 1 / √Σ(x - mean)², 0 for a constant column. */
  readonly factor: number
}

/** Undefined when a cell is missing or infinite. */
function centreAndScale(values: Float64Array): Scale | undefined {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  const mean = sum / values.length
  if (!Number.isFinite(mean)) return undefined
  const varied = values.some((value) => value !== values[0])
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const gap = values[i]! - mean
    squares += gap * gap
  }
  return { mean, factor: varied && squares > 0 ? 1 / Math.sqrt(squares) : 0 }
}

function addComplete(
  columns: readonly Float64Array[],
  scales: readonly (Scale | undefined)[],
  complete: readonly number[],
  out: Matrix,
  products: DenseProducts,
): void {
  const width = complete.length
  const rows = columns[0]?.length ?? 0
  const gram = new Float64Array(width * width)
  const block = new Float64Array(Math.min(blockRows, rows) * width)
  for (let from = 0; from < rows; from += blockRows) {
    const count = Math.min(blockRows, rows - from)
    complete.forEach((column, k) => {
      const { mean, factor } = scales[column]!
      const values = columns[column]!
      for (let i = 0, at = k; i < count; i++, at += width) block[at] = (values[from + i]! - mean) * factor
    })
    products.addGram(matrix(count, width, block.subarray(0, count * width)), undefined, gram)
  }
  for (let k = 0; k < width; k++)
    for (let l = 0; l < k; l++)
      out.values[complete[k]! * out.columns + complete[l]!] = Math.max(-1, Math.min(1, gram[k * width + l]!))
}

/** Two passes over the rows where both are finite. */
function pairCorrelation(x: Float64Array, y: Float64Array): number {
  let n = 0
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]! + y[i]!)) continue
    n++
    sumX += x[i]!
    sumY += y[i]!
  }
  const meanX = sumX / n
  const meanY = sumY / n
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const a = x[i]! - meanX
    const b = y[i]! - meanY
    if (!Number.isFinite(a + b)) continue
    xx += a * a
    yy += b * b
    xy += a * b
  }
  const tiny = 1e-28 * n * (meanX * meanX)
  if (n < 2 || xx <= tiny || yy <= 1e-28 * n * (meanY * meanY)) return 0
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

/** The matrix of more columns would take more memory than it is worth: their pairs are worked out one by one. */
const mostAtOnce = 2000

/** Columns without those whose absolute correlation with a kept one reaches the threshold. */
export function pearsonTwins(
  columns: readonly Float64Array[],
  threshold = 0.95,
  value?: ArrayLike<number>,
  products?: DenseProducts,
  atOnce = mostAtOnce,
): TwinChoice {
  const strength = columns.length > atOnce ? pairByPair(columns) : allPairs(columns, products)
  return dropTwins(columns.length, strength, threshold, value)
}

function allPairs(columns: readonly Float64Array[], products: DenseProducts | undefined) {
  const r = correlations(columns, products)
  return (i: number, j: number) => Math.abs(r.values[i * r.columns + j]!)
}

function pairByPair(columns: readonly Float64Array[]) {
  const scales = columns.map(centreAndScale)
  return (i: number, j: number) => {
    const [a, b] = [scales[i], scales[j]]
    if (!a || !b) return Math.abs(pairCorrelation(columns[i]!, columns[j]!))
    const [x, y] = [columns[i]!, columns[j]!]
    let product = 0
    for (let row = 0; row < x.length; row++) product += (x[row]! - a.mean) * (y[row]! - b.mean)
    return Math.min(1, Math.abs(product * a.factor * b.factor))
  }
}
