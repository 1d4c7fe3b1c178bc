import type { Column } from '#contract'
import type { NumberChunk, TextChunk } from '../parquet/column-chunk.ts'
import type { ParquetFile } from '../parquet/read-parquet.ts'

interface Candidate {
  readonly row: number
  readonly value: number | string
}

/** Candidates are cut to the best when there are so many times more. */
const slack = 8

/**
 * The first rows of a table in the order of a column: the same as the first of `rowOrder`, long before all are in order. Groups
 * whose extremes can not be among them are passed over.
 */
export function topRows(
  file: ParquetFile,
  column: Column,
  descending: boolean,
  count: number,
  step: () => void,
): Uint32Array {
  const compare = (a: Candidate['value'], b: Candidate['value']) =>
    (a === b ? 0 : a < b ? -1 : 1) * (descending ? -1 : 1)
  const best: Candidate[] = []
  const missing: number[] = []
  let last: Candidate['value'] | undefined
  /** Rows come in the table's order: one that is equal to the last of the best is behind it. */
  const mayEnter = (value: Candidate['value']) => last === undefined || compare(value, last) < 0
  const cut = () => {
    best.sort((a, b) => compare(a.value, b.value) || a.row - b.row)
    best.length = Math.min(best.length, count)
    if (best.length === count) last = best.at(-1)!.value
  }
  file.groups.forEach(({ start }, group) => {
    step()
    const { min, max, missing: absent } = file.statistics(group, column)
    const nearest = descending ? max : min
    const searchesMissing = absent > 0 && missing.length < count
    if (nearest !== undefined && !mayEnter(nearest) && !searchesMissing) return
    const chunk = file.readChunk(group, column)
    if (searchesMissing) collectMissing(chunk, start, missing, count)
    if (chunk.kind === 'text') enterTexts(chunk, start)
    else enterNumbers(chunk, start)
    cut()
  })
  function enterNumbers(chunk: NumberChunk, start: number): void {
    for (let row = 0; row < chunk.rows; row++) {
      const value = chunk.at(row) + 0
      if (Number.isNaN(value) || !mayEnter(value)) continue
      best.push({ row: start + row, value })
      if (best.length >= slack * count) cut()
    }
  }
  /** Levels are sorted: only those nearest to the beginning of the order can enter. */
  function enterTexts(chunk: TextChunk, start: number): void {
    if (chunk.levels === 0) return
    const codeOf = (rank: number) => (descending ? chunk.levels - 1 - rank : rank)
    if (!mayEnter(chunk.level(codeOf(0)))) return
    const rows = Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => chunk.code(row) >= 0)
    const ranked = Uint32Array.from(rows, (row) => codeOf(chunk.code(row)))
    for (const { rank, places } of nearestRanks(ranked, chunk.levels, count)) {
      const value = chunk.level(codeOf(rank))
      for (const at of places) best.push({ row: start + rows[at]!, value })
    }
  }
  const rows = [...best.map(({ row }) => row), ...missing]
  return Uint32Array.from(rows.slice(0, count))
}

function collectMissing(chunk: NumberChunk | TextChunk, start: number, missing: number[], count: number): void {
  for (let row = 0; row < chunk.rows && missing.length < count; row++) {
    const absent = chunk.kind === 'text' ? chunk.code(row) < 0 : Number.isNaN(chunk.at(row))
    if (absent) missing.push(start + row)
  }
}

/** The lowest ranks, each with its first places, until there are enough of them. */
function nearestRanks(ranks: Uint32Array, levels: number, count: number) {
  const counts = new Uint32Array(levels)
  for (const rank of ranks) counts[rank]!++
  let last = 0
  for (let sum = 0; last < levels; last++) {
    sum += counts[last]!
    if (sum >= count) break
  }
  const places = new Map<number, number[]>()
  ranks.forEach((rank, at) => {
    if (rank > last) return
    const known = places.get(rank) ?? []
    if (known.length < count) known.push(at)
    places.set(rank, known)
  })
  return [...places].sort(([a], [b]) => a - b).map(([rank, at]) => ({ rank, places: at }))
}
