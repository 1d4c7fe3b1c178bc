import type { Cells } from '#contract'
import { mixedInformation, numberInformation } from './neighbour-information.ts'

/** Mutual information in nats between two columns; rows where either is missing are left out. Never below 0. */
export function mutualInformation(a: Cells, b: Cells, neighbours = 3): number {
  const rows = presentRows(a, b)
  if (rows.length === 0) return 0
  if (a.kind === 'text' && b.kind === 'text') return classInformation(codesOf(a, rows), codesOf(b, rows))
  if (a.kind === 'text') return mixedInformation(numbersOf(b, rows), codesOf(a, rows), neighbours)
  if (b.kind === 'text') return mixedInformation(numbersOf(a, rows), codesOf(b, rows), neighbours)
  return numberInformation(numbersOf(a, rows), numbersOf(b, rows), neighbours)
}

const isPresent = (cells: Cells, row: number) =>
  cells.kind === 'text' ? cells.codes[row]! >= 0 : Number.isFinite(cells.values[row]!)

function presentRows(a: Cells, b: Cells): Uint32Array {
  const length = a.kind === 'text' ? a.codes.length : a.values.length
  const rows = new Uint32Array(length)
  let count = 0
  for (let row = 0; row < length; row++) if (isPresent(a, row) && isPresent(b, row)) rows[count++] = row
  return rows.subarray(0, count)
}

function numbersOf(cells: Cells, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length)
  if (cells.kind === 'number') for (let i = 0; i < rows.length; i++) out[i] = cells.values[rows[i]!]!
  return out
}

function codesOf(cells: Cells, rows: Uint32Array): Int32Array {
  const out = new Int32Array(rows.length)
  if (cells.kind === 'text') for (let i = 0; i < rows.length; i++) out[i] = cells.codes[rows[i]!]!
  return out
}

/** Σ p(x, y) ln (p(x, y) / p(x) p(y)) over the counted shares (Shannon 1948). Codes run from 0, none missing. */
export function classInformation(a: Int32Array, b: Int32Array): number {
  const width = largest(b) + 1
  const joint = new Float64Array((largest(a) + 1) * width)
  for (let i = 0; i < a.length; i++) joint[a[i]! * width + b[i]!]! += 1
  const rows = new Float64Array(joint.length / width)
  const columns = new Float64Array(width)
  joint.forEach((count, cell) => {
    rows[Math.floor(cell / width)]! += count
    columns[cell % width]! += count
  })
  let sum = 0
  joint.forEach((count, cell) => {
    if (count > 0)
      sum += count * Math.log((count * a.length) / (rows[Math.floor(cell / width)]! * columns[cell % width]!))
  })
  return Math.max(0, sum / a.length)
}

function largest(codes: Int32Array): number {
  let most = 0
  for (let i = 0; i < codes.length; i++) if (codes[i]! > most) most = codes[i]!
  return most
}
