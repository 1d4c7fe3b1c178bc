import type { Matrix } from '../matrix.ts'

/** Squared Euclidean distance of two points inside arrays. */
export function gapSquare(a: Float64Array, i: number, b: Float64Array, j: number, columns: number): number {
  let sum = 0
  for (let c = 0; c < columns; c++) {
    const gap = a[i + c]! - b[j + c]!
    sum += gap * gap
  }
  return sum
}

/**
 * The nearest centre of each row, the first of equals, by |c|² - 2 x c (what is left out is the same for all centres).
 * Two rows against two centres at a time.
 */
export function assignRows(x: Matrix, centres: Matrix, labels: Int32Array): void {
  const { rows, columns, values } = x
  const c = centres.values
  const squares = new Float64Array(centres.rows)
  for (let k = 0; k < centres.rows; k++) for (let j = 0; j < columns; j++) squares[k]! += c[k * columns + j]! ** 2
  for (let row = 0; row < rows; row += 2) {
    const a = row * columns
    const b = row + 1 < rows ? a + columns : a
    let leastA = Number.POSITIVE_INFINITY
    let leastB = Number.POSITIVE_INFINITY
    let labelA = 0
    let labelB = 0
    for (let k = 0; k < centres.rows; k += 2) {
      const p = k * columns
      const last = k + 1 === centres.rows
      const q = last ? p : p + columns
      let ap = 0
      let aq = 0
      let bp = 0
      let bq = 0
      for (let j = 0; j < columns; j++) {
        const u = values[a + j]!
        const v = values[b + j]!
        const s = c[p + j]!
        const t = c[q + j]!
        ap += u * s
        aq += u * t
        bp += v * s
        bq += v * t
      }
      const gapA = squares[k]! - 2 * ap
      const gapB = squares[k]! - 2 * bp
      if (gapA < leastA) {
        leastA = gapA
        labelA = k
      }
      if (gapB < leastB) {
        leastB = gapB
        labelB = k
      }
      if (last) continue
      const otherA = squares[k + 1]! - 2 * aq
      const otherB = squares[k + 1]! - 2 * bq
      if (otherA < leastA) {
        leastA = otherA
        labelA = k + 1
      }
      if (otherB < leastB) {
        leastB = otherB
        labelB = k + 1
      }
    }
    labels[row] = labelA
    if (b !== a) labels[row + 1] = labelB
  }
}

/** Labels of new rows for fitted centres. */
export function nearestCentres(x: Matrix, centres: Matrix): Int32Array {
  const labels = new Int32Array(x.rows)
  assignRows(x, centres, labels)
  return labels
}
