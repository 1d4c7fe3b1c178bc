import { type Matrix, matrix } from '../matrix.ts'

/** (X - origin) A', with one axis a row of A: [rows, axes]. Two rows with two axes at a time. */
export function projectRows(x: Matrix, axes: Matrix, origin?: Float64Array): Matrix {
  const { rows, columns, values } = x
  const width = axes.rows
  const out = matrix(rows, width)
  const shift = new Float64Array(width)
  if (origin)
    for (let k = 0; k < width; k++)
      for (let j = 0; j < columns; j++) shift[k]! += origin[j]! * axes.values[k * columns + j]!
  for (let i = 0; i < rows; i += 2) {
    const a = i * columns
    const b = i + 1 < rows ? a + columns : a
    for (let k = 0; k < width; k += 2) {
      const c = k * columns
      const d = k + 1 < width ? c + columns : c
      let ac = 0
      let ad = 0
      let bc = 0
      let bd = 0
      for (let j = 0; j < columns; j++) {
        const p = values[a + j]!
        const q = values[b + j]!
        const r = axes.values[c + j]!
        const s = axes.values[d + j]!
        ac += p * r
        ad += p * s
        bc += q * r
        bd += q * s
      }
      const at = i * width + k
      out.values[at] = ac - shift[k]!
      if (d !== c) out.values[at + 1] = ad - shift[k + 1]!
      if (b === a) continue
      out.values[at + width] = bc - shift[k]!
      if (d !== c) out.values[at + width + 1] = bd - shift[k + 1]!
    }
  }
  return out
}

/** Turns axes (rows of A) so that the entry of largest size of each is positive: the same signs on every platform. */
export function fixSigns(axes: Matrix): void {
  const { columns, values } = axes
  for (let k = 0; k < axes.rows; k++) {
    const row = values.subarray(k * columns, (k + 1) * columns)
    let largest = 0
    for (let j = 0; j < columns; j++) if (Math.abs(row[j]!) > Math.abs(largest) * (1 + 1e-12)) largest = row[j]!
    if (largest < 0) for (let j = 0; j < columns; j++) row[j] = -row[j]!
  }
}
