import { readFileSync } from 'node:fs'
import type { DenseKernels, DenseMatrix } from '#contract'
import { plainProducts } from '#ml/linalg/products'

interface Exports {
  pack(
    x: number,
    rows: number,
    columns: number,
    means: number,
    d: number,
    packed: number,
    weighted: number,
    width: number,
  ): void
  addGram(packed: number, weighted: number, rows: number, width: number, out: number): void
  product(x: number, rows: number, columns: number, b: number, width: number, start: number, out: number): void
  squaredGaps(x: number, rows: number, columns: number, b: number, width: number, out: number): void
}

interface NeighbourExports {
  prepareNeighbours(
    x: number,
    rows: number,
    columns: number,
    padded: number,
    single: number,
    blocks: number,
    squares: number,
  ): void
  findNeighbours(
    x: number,
    rows: number,
    columns: number,
    padded: number,
    single: number,
    blocks: number,
    squares: number,
    k: number,
    near: number,
    gaps: number,
  ): void
}

const pageBytes = 65_536
const firstByte = 4_096
/** Cells of a block of rows: what stays in a core's own cache. */
const blockCells = 4_096
/** Smaller matrices aren't worth a copy: the plain products take them and give the same bytes. */
const fewCells = 2_048

const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true })
const module = new WebAssembly.Module(readFileSync(new URL('dense.wasm', import.meta.url)))
const kernels = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports as unknown as Exports &
  NeighbourExports

/** Places for arrays of doubles of these lengths, 16 bytes aligned, one after the other; grows the memory. */
function places(...lengths: readonly number[]): number[] {
  let end = firstByte
  const found = lengths.map((length) => {
    const place = end
    end += Math.ceil(length / 2) * 16
    return place
  })
  if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / pageBytes))
  return found
}

const doublesAt = (place: number, length: number) => new Float64Array(memory.buffer, place, length)

/** Rows of a block: a multiple of 4. */
const blockRows = (rows: number, columns: number) =>
  Math.min(Math.ceil(rows / 4) * 4, Math.max(4, Math.floor(blockCells / columns / 4) * 4))

/** Copies the matrix to `place` block after block. */
function eachBlock({ rows, columns, values }: DenseMatrix, place: number, work: (from: number, count: number) => void) {
  const most = blockRows(rows, columns)
  const block = doublesAt(place, most * columns)
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from)
    block.set(values.subarray(from * columns, (from + count) * columns))
    work(from, count)
  }
}

const isSmall = ({ rows, columns }: DenseMatrix) => rows * columns < fewCells

/** One-hot columns are mostly 0, and the plain product leaves zeros out. */
const sparseShare = 0.75

function isSparse({ rows, columns, values }: DenseMatrix): boolean {
  // an odd step, so that every column is looked at
  const step = Math.max(1, Math.floor((rows * columns) / 2_000)) | 1
  let seen = 0
  let zeros = 0
  for (let cell = 0; cell < rows * columns; cell += step, seen++) if (values[cell] === 0) zeros++
  return zeros > sparseShare * seen
}

function addGram(x: DenseMatrix, d: Float64Array | undefined, out: Float64Array, stride = x.columns, at = 0): void {
  if (isSmall(x) || isSparse(x)) plainProducts.addGram(x, d, out, stride, at)
  else addDenseGram(x, undefined, d, out, stride, at)
}

function addCentredGram(x: DenseMatrix, means: Float64Array, d: Float64Array | undefined, out: Float64Array): void {
  if (isSmall(x)) plainProducts.addCentredGram(x, means, d, out)
  else addDenseGram(x, means, d, out, x.columns, 0)
}

function addDenseGram(
  x: DenseMatrix,
  means: Float64Array | undefined,
  d: Float64Array | undefined,
  out: Float64Array,
  stride: number,
  at: number,
): void {
  const { rows, columns } = x
  const width = Math.ceil(columns / 4) * 4
  const most = blockRows(rows, columns)
  const sizes = [most * columns, most * width, most * width, columns, most, width * width]
  const [block, packed, weighted, centre, factors, result] = places(...sizes) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const sums = doublesAt(result, width * width).fill(0)
  for (let j = 0; j < columns; j++) {
    const row = (at + j) * stride + at
    sums.set(out.subarray(row, row + j + 1), j * width)
  }
  if (means) doublesAt(centre, columns).set(means)
  const weights = doublesAt(factors, most)
  eachBlock(x, block, (from, count) => {
    if (d) weights.set(d.subarray(from, from + count))
    kernels.pack(block, count, columns, means ? centre : 0, d ? factors : 0, packed, weighted, width)
    kernels.addGram(packed, weighted, count, width, result)
  })
  for (let j = 0; j < columns; j++) out.set(sums.subarray(j * width, j * width + j + 1), (at + j) * stride + at)
}

/** Rows of the second matrix as columns, `width` a row. */
function putTransposed({ rows, columns, values }: DenseMatrix, place: number, width: number): void {
  const to = doublesAt(place, columns * width).fill(0)
  for (let i = 0, from = 0; i < rows; i++) for (let j = 0; j < columns; j++, from++) to[j * width + i] = values[from]!
}

type RowsByRows = (
  block: number,
  rows: number,
  columns: number,
  other: number,
  width: number,
  start: number,
  out: number,
) => void

/** Each row of `a` with each row of `b`: out is row-major [rows of a, rows of b]. */
function rowsByRows(a: DenseMatrix, b: DenseMatrix, out: Float64Array, kernel: RowsByRows, start?: Float64Array): void {
  const { rows, columns } = a
  const width = Math.ceil(b.rows / 4) * 4
  const most = Math.min(blockRows(rows, columns), Math.max(4, Math.floor(blockCells / width / 4) * 4))
  const sizes = [most * columns, columns * width, width, most * width]
  const [block, other, first, result] = places(...sizes) as [number, number, number, number]
  putTransposed(b, other, width)
  doublesAt(first, width)
    .fill(0)
    .set(start ?? [])
  const input = doublesAt(block, most * columns)
  const answer = doublesAt(result, most * width)
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from)
    input.set(a.values.subarray(from * columns, (from + count) * columns))
    kernel(block, count, columns, other, width, first, result)
    if (width === b.rows) out.set(answer.subarray(0, count * width), from * width)
    else for (let i = 0; i < count; i++) out.set(answer.subarray(i * width, i * width + b.rows), (from + i) * b.rows)
  }
}

function multiplyRows(a: DenseMatrix, b: DenseMatrix, out: Float64Array, start?: Float64Array): void {
  if (isSmall(a)) plainProducts.multiplyRows(a, b, out, start)
  else rowsByRows(a, b, out, kernels.product, start)
}

function squaredGaps(a: DenseMatrix, b: DenseMatrix, out: Float64Array): void {
  if (isSmall(a)) plainProducts.squaredGaps(a, b, out)
  else
    rowsByRows(a, b, out, (block, rows, columns, other, width, _start, result) =>
      kernels.squaredGaps(block, rows, columns, other, width, result),
    )
}

function nearestOthers(
  { rows, columns, values }: DenseMatrix,
  most: number,
): ReturnType<DenseKernels['nearestOthers']> {
  const k = Math.max(0, Math.min(most, rows - 1))
  if (k === 0) return { k, rows: new Uint32Array(0), distances: new Float64Array(0) }
  const padded = Math.ceil(rows / 8) * 8
  const half = (padded * columns) / 2
  const sizes = [rows * columns, half, half, padded / 2, (padded * k) / 2, padded * k]
  const [x, single, blocks, squares, near, gaps] = places(...sizes) as [number, number, number, number, number, number]
  doublesAt(x, rows * columns).set(values)
  const found = new Uint32Array(memory.buffer, near, padded * k).fill(0xffffffff)
  const squaredGaps = doublesAt(gaps, padded * k).fill(Number.POSITIVE_INFINITY)
  kernels.prepareNeighbours(x, rows, columns, padded, single, blocks, squares)
  kernels.findNeighbours(x, rows, columns, padded, single, blocks, squares, k, near, gaps)
  return {
    k,
    rows: found.slice(0, rows * k),
    distances: Float64Array.from(squaredGaps.subarray(0, rows * k), Math.sqrt),
  }
}

/** Dense products in WebAssembly, 128 bits at a time, on one memory for the whole thread. */
export const wasmDenseKernels: DenseKernels = { addGram, addCentredGram, multiplyRows, squaredGaps, nearestOthers }
