import type { FrameColumn } from '#contract'
import { cellText, textCells } from '#ml/frame'
import { createRandom, type Random } from '#ml/random/random'
import { quantileSorted, sortedValues } from '#ml/statistics/quantiles'
import { hashUnit } from './murmur-hash.ts'

/** Row assignments: entry k is the part of row k, an index into `shares`. Shares need not add up to 1. */
export type Assignment = Uint8Array

function cumulative(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  let reached = 0
  return shares.map((share) => {
    reached += share
    return reached / total
  })
}

/** Rows of each part when n rows are cut by the shares: cumulative rounding, so that the sizes add up to n. */
export function partSizes(rows: number, shares: readonly number[]): number[] {
  let before = 0
  return cumulative(shares).map((limit) => {
    const end = Math.round(limit * rows)
    const size = end - before
    before = end
    return size
  })
}

function fillInOrder(parts: Assignment, order: ArrayLike<number>, sizes: readonly number[]): void {
  let next = 0
  sizes.forEach((size, part) => {
    for (let count = 0; count < size; count++) parts[order[next++]!] = part
  })
}

export function assignRandom(rows: number, shares: readonly number[], random: Random): Assignment {
  const parts = new Uint8Array(rows)
  fillInOrder(parts, random.permutation(rows), partSizes(rows, shares))
  return parts
}

/** Strata of a column: its values, or tenths of a number column with many; missing cells are a stratum of their own. */
function strata(column: FrameColumn): Int32Array {
  const { codes, levels } = textCells(column)
  if (column.cells.kind !== 'number' || levels.length <= 20) return codes.map((code) => code + 1)
  const { values } = column.cells
  const sorted = sortedValues(values)
  const edges = Array.from({ length: 9 }, (_, edge) => quantileSorted(sorted, (edge + 1) / 10))
  return Int32Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1 + edges.filter((edge) => value > edge).length))
}

/**
 * Shuffles within each stratum, then deals the strata one behind the other into the parts by cumulative rounding of the
 * running total, so that both the strata and the whole have their shares.
 */
export function assignStratified(column: FrameColumn, shares: readonly number[], random: Random): Assignment {
  const codes = strata(column)
  const members = new Map<number, number[]>()
  codes.forEach((code, row) => {
    const rows = members.get(code)
    if (rows) rows.push(row)
    else members.set(code, [row])
  })
  const parts = new Uint8Array(codes.length)
  const limits = cumulative(shares)
  const given = shares.map(() => 0)
  let seen = 0
  for (const code of [...members.keys()].sort((a, b) => a - b)) {
    const rows = random.split(code).shuffle(Uint32Array.from(members.get(code)!))
    seen += rows.length
    const sizes = balancedSizes(rows.length, seen, limits, given)
    fillInOrder(parts, rows, sizes)
    sizes.forEach((size, part) => {
      given[part]! += size
    })
  }
  return parts
}

/** Sizes for one stratum: its own shares rounded down, the rest to the parts that lag furthest behind overall. */
function balancedSizes(rows: number, seen: number, limits: readonly number[], given: readonly number[]): number[] {
  const shares = limits.map((limit, part) => limit - (limits[part - 1] ?? 0))
  const sizes = shares.map((share) => Math.floor(share * rows + 1e-9))
  let rest = rows - sizes.reduce((sum, size) => sum + size, 0)
  const lag = (part: number) => shares[part]! * seen - given[part]! - sizes[part]!
  while (rest-- > 0) {
    const furthest = shares.map((_, part) => part).filter((part) => shares[part]! > 0)
    furthest.sort((a, b) => lag(b) - lag(a) || a - b)
    sizes[furthest[0]!]!++
  }
  return sizes
}

/** By the key alone: the same key has the same part in any table. Missing keys go by the empty text. */
export function assignHash(column: FrameColumn, shares: readonly number[], seed: number): Assignment {
  const limits = cumulative(shares)
  const rows = column.cells.kind === 'text' ? column.cells.codes.length : column.cells.values.length
  const last = limits.length - 1
  return Uint8Array.from({ length: rows }, (_, row) => {
    const unit = hashUnit(cellText(column, row) ?? '', seed)
    const part = limits.findIndex((limit) => unit < limit)
    return part < 0 ? last : part
  })
}

/** Earliest first. A cut that falls among rows of one moment moves to their end; missing times count as earliest. */
export function assignTime(column: FrameColumn, shares: readonly number[]): Assignment {
  const { codes } = textCells(column)
  const order = Array.from(codes.keys()).sort((a, b) => codes[a]! - codes[b]! || a - b)
  const parts = new Uint8Array(codes.length)
  let start = 0
  cumulative(shares).forEach((limit, part) => {
    let end = Math.max(start, Math.round(limit * order.length))
    while (end > 0 && end < order.length && codes[order[end]!] === codes[order[end - 1]!]) end++
    for (let index = start; index < end; index++) parts[order[index]!] = part
    start = end
  })
  return parts
}

/** Whole groups, the largest first, each to the part that lags furthest behind its share; rows without a group stand alone. */
export function assignGroups(column: FrameColumn, shares: readonly number[], random: Random): Assignment {
  const { codes, levels } = textCells(column)
  const groups = new Map<number, number[]>()
  codes.forEach((code, row) => {
    const key = code < 0 ? levels.length + row : code
    const rows = groups.get(key)
    if (rows) rows.push(row)
    else groups.set(key, [row])
  })
  const list = [...groups.values()]
  const order = Array.from(random.permutation(list.length)).sort((a, b) => list[b]!.length - list[a]!.length)
  const total = shares.reduce((sum, share) => sum + share, 0)
  const wanted = shares.map((share) => (share / total) * codes.length)
  const given = shares.map(() => 0)
  const parts = new Uint8Array(codes.length)
  for (const index of order) {
    const rows = list[index]!
    let best = wanted.findIndex((want) => want > 0)
    wanted.forEach((want, part) => {
      if (want > 0 && want - given[part]! > wanted[best]! - given[best]!) best = part
    })
    for (const row of rows) parts[row] = best
    given[best]! += rows.length
  }
  return parts
}

/** The generator of a split: named, so that the same seed elsewhere draws other numbers. */
export const splitRandom = (seed: number) => createRandom(seed).split('split')
