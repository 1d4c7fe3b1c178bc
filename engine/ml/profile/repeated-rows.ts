import type { Cells, Frame } from '#contract'

/** Codes of the different values of a column; missing is one of them. */
function valueCodes(cells: Cells): Int32Array {
  if (cells.kind === 'text') return cells.codes
  const known = new Map<number, number>()
  return Int32Array.from(cells.values, (value) => {
    const code = known.get(value) ?? known.size
    known.set(value, code)
    return code
  })
}

/**
 * How many rows equal an earlier row in every column. Exact: rows are refined into classes column by column, like a
 * radix, and only rows that still share a class are looked at.
 */
export function countRepeatedRows(frame: Frame): number {
  if (frame.columns.length === 0) return 0
  let shared = Int32Array.from({ length: frame.rows }, (_, row) => row)
  let classes = new Int32Array(frame.rows)
  for (const column of frame.columns) {
    if (shared.length === 0) return 0
    const codes = valueCodes(column.cells)
    const known = new Map<number, number>()
    const sizes: number[] = []
    const next = new Int32Array(frame.rows)
    for (const row of shared) {
      const key = classes[row]! * 0x100000000 + (codes[row]! + 1)
      const found = known.get(key) ?? known.size
      known.set(key, found)
      sizes[found] = (sizes[found] ?? 0) + 1
      next[row] = found
    }
    shared = shared.filter((row) => sizes[next[row]!]! > 1)
    classes = next
  }
  return shared.length - new Set(Array.from(shared, (row) => classes[row]!)).size
}
