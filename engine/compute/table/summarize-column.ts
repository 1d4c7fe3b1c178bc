import type { Column, ColumnSummary } from '#contract'
import { histogram } from '#ml/profile/histogram'
import { distinctSorted } from '#ml/profile/profile-column'
import { knownValues } from '#ml/statistics/quantiles'
import { sortNumbers } from '#ml/statistics/sort-numbers'
import { isTextual } from '../cell-builders.ts'
import { dateText } from '../cell-value.ts'
import type { TextChunk } from '../parquet/column-chunk.ts'
import type { ParquetFile } from '../parquet/read-parquet.ts'
import { countDistinct } from './count-distinct.ts'
import { mergeLevels } from './merge-levels.ts'

const bars = 12
/** Row groups of a sample, spread over the table. */
const sampledGroups = 3

/** What a column holds. A sample reads three row groups; what is missing the footer knows of all. */
export function summarizeColumn(file: ParquetFile, column: Column, sample: boolean): ColumnSummary {
  const all = file.groups.map((_, group) => group)
  const groups = sample && all.length > sampledGroups ? spread(all) : all
  const rows = groups.reduce((sum, group) => sum + file.groups[group]!.rows, 0)
  const missing = all.reduce((sum, group) => sum + file.statistics(group, column).missing, 0)
  const found = isTextual(column) ? textSummary(file, column, groups) : numberSummary(file, column, groups, rows)
  return { name: column.name, missing, ...found, ...(groups !== all && { sampled: rows }) }
}

function spread(groups: readonly number[]): readonly number[] {
  const last = groups.length - 1
  return Array.from({ length: sampledGroups }, (_, at) => Math.round((at * last) / (sampledGroups - 1)))
}

type Found = Pick<ColumnSummary, 'distinct' | 'bars' | 'edges'>

function numberSummary(file: ParquetFile, column: Column, groups: readonly number[], rows: number): Found {
  const values = new Float64Array(rows)
  let at = 0
  for (const group of groups) {
    const cells = file.readGroup(group, column)
    if (cells.kind !== 'number') continue
    values.set(cells.values, at)
    at += cells.values.length
  }
  const known = knownValues(values)
  const distinct = countDistinct(known) ?? distinctSorted(sortNumbers(known))
  if (column.type === 'boolean') return { distinct, bars: known.length > 0 ? flagBars(known) : [] }
  const { edges, counts } = histogram(known, bars)
  const label = (value: number) =>
    column.type === 'date' ? dateText(Math.round(value)).slice(0, 10) : String(Number(value.toPrecision(4)))
  return {
    distinct,
    bars: counts.map((count, bin) => ({ label: `${label(edges[bin]!)} – ${label(edges[bin + 1]!)}`, count })),
    edges,
  }
}

function flagBars(known: Float64Array): ColumnSummary['bars'] {
  let yes = 0
  for (const value of known) if (value !== 0) yes++
  return [
    { label: 'true', count: yes },
    { label: 'false', count: known.length - yes },
  ]
}

function textSummary(file: ParquetFile, column: Column, groups: readonly number[]): Found {
  const chunks: TextChunk[] = []
  const counts: Uint32Array[] = []
  for (const group of groups) {
    const chunk = file.readChunk(group, column)
    if (chunk.kind !== 'text') continue
    chunks.push(chunk)
    counts.push(levelCounts(chunk))
  }
  let distinct = 0
  const most: { label: string; count: number }[] = []
  mergeLevels(chunks, (label, members) => {
    let count = 0
    for (const { group, code } of members) count += counts[group]![code]!
    distinct++
    if (most.length < bars || count > most.at(-1)!.count) keep(most, { label, count })
  })
  return { distinct, bars: most }
}

function levelCounts(chunk: TextChunk): Uint32Array {
  const counts = new Uint32Array(chunk.levels)
  for (let row = 0; row < chunk.rows; row++) {
    const code = chunk.code(row)
    if (code >= 0) counts[code]!++
  }
  return counts
}

/** The most frequent stay, most frequent first, equals in the order they came. */
function keep(most: { label: string; count: number }[], level: { label: string; count: number }): void {
  const at = most.findIndex(({ count }) => count < level.count)
  most.splice(at < 0 ? most.length : at, 0, level)
  if (most.length > bars) most.pop()
}
