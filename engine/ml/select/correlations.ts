import type { DenseProducts } from '#contract'
import { mirrorLower, plainProducts } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'

/** Rows that are looked at together, so that buffers stay small. */
const chunkRows = 4_096

/** A column with what its correlations need. */
export interface Measured {
  readonly values: Float64Array
  /** Of the cells that are there; an infinite one counts as missing. */
  readonly mean: number
  readonly complete: boolean
  /** 1 / √Σ(x - mean)², 0 for a constant column. */
  readonly factor: number
}

export function measured(values: Float64Array): Measured {
  let [sum, count, squares] = [0, 0, 0]
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]!)) {
      sum += values[i]!
      count++
    }
  const mean = count > 0 ? sum / count : 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) squares += (values[i]! - mean) ** 2
  const complete = count === values.length
  const varied = values.some((value) => value !== values[0])
  return { values, mean, complete, factor: varied && squares > 0 ? 1 / Math.sqrt(squares) : 0 }
}

/**
 * Pearson correlations of columns `a` with columns `b`, [a, b]. A pair with missing cells uses the rows where both are
 * present, as pandas does; 0 where a column is constant there or fewer than two rows are left.
 */
export function correlations(
  a: readonly Measured[],
  b: readonly Measured[],
  products: DenseProducts = plainProducts,
): Matrix {
  if (a === b && a.every(({ complete }) => complete)) return allCorrelations(a, products)
  const gaps = [...a, ...b].some(({ complete }) => !complete)
  const sums = gaps ? gappedSums(a, b, products) : { xy: addedUp([[centred, centred]], a, b, products)[0]! }
  const out = matrix(a.length, b.length)
  for (let i = 0, at = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++, at++) {
      const [x, y] = [a[i]!, b[j]!]
      const r = x.complete && y.complete ? sums.xy[at]! * x.factor * y.factor : gapped(sums as GappedSums, at)
      out.values[at] = Math.max(-1, Math.min(1, r))
    }
  return out
}

/** Rows of complete columns that are multiplied at once, side by side: half the work where all go with all. */
const gramRows = 512

function allCorrelations(columns: readonly Measured[], products: DenseProducts): Matrix {
  const width = columns.length
  const rows = columns[0]?.values.length ?? 0
  const out = matrix(width, width)
  const block = new Float64Array(Math.min(gramRows, rows) * width)
  for (let from = 0; from < rows; from += gramRows) {
    const count = Math.min(gramRows, rows - from)
    columns.forEach(({ values, mean, factor }, k) => {
      for (let i = 0, at = k; i < count; i++, at += width) block[at] = (values[from + i]! - mean) * factor
    })
    products.addGram(matrix(count, width, block.subarray(0, count * width)), undefined, out.values)
  }
  out.values.forEach((value, at) => {
    out.values[at] = Math.max(-1, Math.min(1, value))
  })
  mirrorLower(out.values, width)
  return out
}

type Cell = (column: Measured, row: number) => number
const present: Cell = ({ values }, row) => (Number.isFinite(values[row]!) ? 1 : 0)
const centred: Cell = ({ values, mean }, row) => (Number.isFinite(values[row]!) ? values[row]! - mean : 0)
const squared: Cell = (column, row) => centred(column, row) ** 2

/** Over the rows where both are present: how many, and sums of x, y, their squares and their product. */
interface GappedSums {
  readonly xy: Float64Array
  readonly n: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly xx: Float64Array
  readonly yy: Float64Array
}

function gappedSums(a: readonly Measured[], b: readonly Measured[], products: DenseProducts): GappedSums {
  const pairs = [
    [centred, centred],
    [present, present],
    [centred, present],
    [present, centred],
  ] as const
  const [xy, n, x, y] = addedUp(pairs, a, b, products) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const [xx, yy] = addedUp(
    [
      [squared, present],
      [present, squared],
    ],
    a,
    b,
    products,
  ) as [Float64Array, Float64Array]
  return { xy, n, x, y, xx, yy }
}

/** What is left of a constant column's squares is rounding. */
const rounding = 1e-13

function gapped({ xy, n, x, y, xx, yy }: GappedSums, at: number): number {
  const count = n[at]!
  if (count < 2) return 0
  const spreadX = xx[at]! - (x[at]! * x[at]!) / count
  const spreadY = yy[at]! - (y[at]! * y[at]!) / count
  if (spreadX <= rounding * xx[at]! || spreadY <= rounding * yy[at]!) return 0
  return (xy[at]! - (x[at]! * y[at]!) / count) / Math.sqrt(spreadX * spreadY)
}

/** Of each pair of cells the sums over all rows of their products, [a, b]. */
function addedUp(
  pairs: readonly (readonly [Cell, Cell])[],
  a: readonly Measured[],
  b: readonly Measured[],
  products: DenseProducts,
): readonly Float64Array[] {
  const rows = a[0]?.values.length ?? 0
  const sums = pairs.map(() => new Float64Array(a.length * b.length))
  const part = new Float64Array(a.length * b.length)
  for (let from = 0; from < rows; from += chunkRows) {
    const count = Math.min(chunkRows, rows - from)
    const made = new Map<readonly Measured[], Map<Cell, Matrix>>([
      [a, new Map()],
      [b, new Map()],
    ])
    const cells = (columns: readonly Measured[], cell: Cell): Matrix => {
      const known = made.get(columns)!.get(cell)
      if (known) return known
      const values = new Float64Array(columns.length * count)
      let at = 0
      for (const column of columns) for (let row = from; row < from + count; row++) values[at++] = cell(column, row)
      const fresh = matrix(columns.length, count, values)
      made.get(columns)!.set(cell, fresh)
      return fresh
    }
    pairs.forEach(([left, right], number) => {
      products.multiplyRows(cells(a, left), cells(b, right), part)
      const sum = sums[number]!
      for (let at = 0; at < part.length; at++) sum[at]! += part[at]!
    })
  }
  return sums
}
