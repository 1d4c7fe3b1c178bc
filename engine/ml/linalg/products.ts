import type { DenseProducts } from '#contract'
import type { Matrix } from '../matrix.ts'

/** Kernels over row-major matrices: no allocation, four rows at a time so that results are read and written a quarter as often. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}

/** out = X v + constant. */
export function multiply(x: Matrix, v: Float64Array, out: Float64Array, constant = 0): void {
  const { rows, columns, values } = x
  for (let i = 0, at = 0; i < rows; i++) {
    let even = constant
    let odd = 0
    let j = 0
    for (; j + 1 < columns; j += 2, at += 2) {
      even += values[at]! * v[j]!
      odd += values[at + 1]! * v[j + 1]!
    }
    if (j < columns) even += values[at++]! * v[j]!
    out[i] = even + odd
  }
}

/** out = X' r. */
export function multiplyTransposed(x: Matrix, r: Float64Array, out: Float64Array): void {
  out.fill(0)
  addTransposed(x, r, out)
}

/** out += X' r, in the order of `multiplyTransposed` when the rows so far were a multiple of 4. */
export function addTransposed(x: Matrix, r: Float64Array, out: Float64Array): void {
  const { rows, columns, values } = x
  let i = 0
  for (; i + 3 < rows; i += 4) {
    const at = i * columns
    const r0 = r[i]!
    const r1 = r[i + 1]!
    const r2 = r[i + 2]!
    const r3 = r[i + 3]!
    for (let j = 0; j < columns; j++) {
      const k = at + j
      out[j]! +=
        r0 * values[k]! + r1 * values[k + columns]! + r2 * values[k + 2 * columns]! + r3 * values[k + 3 * columns]!
    }
  }
  for (; i < rows; i++) for (let j = 0; j < columns; j++) out[j]! += r[i]! * values[i * columns + j]!
}

/**
 * Adds X' diag(d) X to the lower triangle of the block of `out` (row-major, `stride` columns) that starts at (at, at).
 * Groups of four rows whose weighted entries are all zero, as one-hot columns give, cost nothing.
 */
export function addGram(x: Matrix, d: Float64Array | undefined, out: Float64Array, stride = x.columns, at = 0): void {
  const { rows, columns, values } = x
  let i = 0
  for (; i + 3 < rows; i += 4) {
    const p0 = i * columns
    const p1 = p0 + columns
    const p2 = p1 + columns
    const p3 = p2 + columns
    const d0 = d ? d[i]! : 1
    const d1 = d ? d[i + 1]! : 1
    const d2 = d ? d[i + 2]! : 1
    const d3 = d ? d[i + 3]! : 1
    for (let j = 0; j < columns; j++) {
      const a0 = d0 * values[p0 + j]!
      const a1 = d1 * values[p1 + j]!
      const a2 = d2 * values[p2 + j]!
      const a3 = d3 * values[p3 + j]!
      if (a0 === 0 && a1 === 0 && a2 === 0 && a3 === 0) continue
      const row = (at + j) * stride + at
      for (let k = 0; k <= j; k++) {
        out[row + k]! += a0 * values[p0 + k]! + a1 * values[p1 + k]! + a2 * values[p2 + k]! + a3 * values[p3 + k]!
      }
    }
  }
  for (; i < rows; i++) {
    const p = i * columns
    for (let j = 0; j < columns; j++) {
      const a = (d ? d[i]! : 1) * values[p + j]!
      if (a === 0) continue
      const row = (at + j) * stride + at
      for (let k = 0; k <= j; k++) out[row + k]! += a * values[p + k]!
    }
  }
}

/** Adds (X - means)' diag(d) (X - means) to the lower triangle of `out`. */
function addCentredGram(x: Matrix, means: Float64Array, d: Float64Array | undefined, out: Float64Array): void {
  eachCentred(x, means, (block, from) => addGram(block, d?.subarray(from, from + block.rows), out))
}

const centredRows = 256

/** Blocks of the rows less the means, all in the same memory. */
export function eachCentred(x: Matrix, means: Float64Array, work: (block: Matrix, from: number) => void): void {
  const { rows, columns, values } = x
  const memory = new Float64Array(Math.min(rows, centredRows) * columns)
  for (let from = 0; from < rows; from += centredRows) {
    const count = Math.min(centredRows, rows - from)
    for (let i = 0, at = 0, source = from * columns; i < count; i++)
      for (let j = 0; j < columns; j++, at++, source++) memory[at] = values[source]! - means[j]!
    work({ rows: count, columns, values: memory.subarray(0, count * columns) }, from)
  }
}

/** out = A B' + start, row-major [rows of A, rows of B]. */
function multiplyRows(a: Matrix, b: Matrix, out: Float64Array, start?: Float64Array): void {
  const { columns } = a
  for (let i = 0, to = 0; i < a.rows; i++)
    for (let k = 0; k < b.rows; k++, to++) {
      let sum = start ? start[k]! : 0
      for (let j = 0, p = i * columns, q = k * columns; j < columns; j++, p++, q++) sum += a.values[p]! * b.values[q]!
      out[to] = sum
    }
}

/** out = the squared Euclidean distance of each row of A from each of B. */
function squaredGaps(a: Matrix, b: Matrix, out: Float64Array): void {
  const { columns } = a
  for (let i = 0, to = 0; i < a.rows; i++)
    for (let k = 0; k < b.rows; k++, to++) {
      let sum = 0
      for (let j = 0, p = i * columns, q = k * columns; j < columns; j++, p++, q++) {
        const gap = a.values[p]! - b.values[q]!
        sum += gap * gap
      }
      out[to] = sum
    }
}

/** The products in TypeScript: what algorithms use unless they are handed compiled ones, which give the same bytes. */
export const plainProducts: DenseProducts = { addGram, addCentredGram, multiplyRows, squaredGaps }

/** The matrix in blocks of rows that stay in the cache, each a multiple of 4 rows but for the last. */
export function eachBlock({ rows, columns, values }: Matrix, work: (block: Matrix, from: number) => void): void {
  const most = Math.max(4, Math.floor(blockCells / columns / 4) * 4)
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from)
    work({ rows: count, columns, values: values.subarray(from * columns, (from + count) * columns) }, from)
  }
}

const blockCells = 32_768

/** Copies the lower triangle of a row-major n x n matrix to the upper. */
export function mirrorLower(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i]!
}
