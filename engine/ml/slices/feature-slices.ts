import type { FrameColumn } from '#contract'
import { textCells } from '../frame.ts'
import { quantiles } from '../statistics/quantiles.ts'
import type { RowSet } from './slice-figures.ts'

/** Columns with at most this many distinct values are sliced value by value. */
const mostValues = 12

/**
 * The slices of one column over a frame's rows: one a value, numbers and dates with many values in quartile bins, text
 * with many values as its most frequent ones and the others together; missing cells are a slice of their own.
 */
export function featureSlices(column: FrameColumn): RowSet[] {
  const { codes, levels } = textCells(column)
  const missing = setOf(column.name, 'missing', codes, (code) => code < 0)
  const sets =
    levels.length <= mostValues
      ? levels.map((level, k) => setOf(column.name, level, codes, (code) => code === k))
      : column.cells.kind === 'number'
        ? quartileSets(column, column.cells.values)
        : frequentSets(column.name, codes, levels)
  return [...sets, missing].filter((set) => set.rows.length > 0)
}

function setOf(column: string, value: string, codes: Int32Array, belongs: (code: number) => boolean): RowSet {
  const rows: number[] = []
  for (let row = 0; row < codes.length; row++) if (belongs(codes[row]!)) rows.push(row)
  return { label: `${column} = ${value}`, conditions: [{ column, value }], rows: Uint32Array.from(rows) }
}

/** Bins (first, second], …: the lowest edge belongs to the first bin; equal edges leave fewer bins. */
function quartileSets(column: FrameColumn, values: Float64Array): RowSet[] {
  const edges = [...new Set(quantiles(values, [0, 0.25, 0.5, 0.75, 1]))]
  const words = (value: number) =>
    column.type === 'date' ? new Date(value).toISOString().slice(0, 10) : String(Number(value.toPrecision(6)))
  return edges.slice(1).map((high, bin) => {
    const low = edges[bin]!
    const rows: number[] = []
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!
      if ((value > low || (bin === 0 && value === low)) && value <= high) rows.push(row)
    }
    const value = `${words(low)} to ${words(high)}`
    return {
      label: `${column.name} ${value}`,
      conditions: [{ column: column.name, value }],
      rows: Uint32Array.from(rows),
    }
  })
}

function frequentSets(column: string, codes: Int32Array, levels: readonly string[]): RowSet[] {
  const counts = new Int32Array(levels.length)
  for (const code of codes) if (code >= 0) counts[code]!++
  const kept = Array.from(counts.keys())
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, mostValues - 1)
  const keptCodes = new Set(kept)
  return [
    ...kept.map((k) => setOf(column, levels[k]!, codes, (code) => code === k)),
    setOf(column, 'any other value', codes, (code) => code >= 0 && !keptCodes.has(code)),
  ]
}
