import { readFileSync } from 'node:fs'
import { type Matrix, matrix } from '#ml/matrix'

/** What `writeData` wrote, as works want it. */
export interface OwnData {
  readonly file: string
  readonly rows: number
  readonly features: number
  readonly threads: number
  readonly columns: readonly Float64Array[]
  readonly labels: Float64Array
  /** Rows `from` to `to`, row-major. */
  rowMajor(from?: number, to?: number): Matrix
}

/** Prepares outside the clock, then gives the work to be timed. */
export type Prepare = (data: OwnData) => Promise<() => unknown>

export function readData(file: string, rows: number, threads: number): OwnData {
  const bytes = readFileSync(file)
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
  const features = all.length / rows - 1
  const columns = Array.from({ length: features }, (_, f) => all.subarray(f * rows, (f + 1) * rows))
  return {
    file,
    rows,
    features,
    threads,
    columns,
    labels: all.slice(features * rows),
    rowMajor(from = 0, to = rows) {
      const out = matrix(to - from, features)
      columns.forEach((column, f) => {
        for (let row = from, at = f; row < to; row++, at += features) out.values[at] = column[row]!
      })
      return out
    },
  }
}
