import type { Slice } from '#contract'
import { hypergeometricTail } from '../statistics/hypergeometric.ts'
import { benjaminiHochberg, holm } from '../statistics/multiple-testing.ts'
import { welchTail } from '../statistics/welch.ts'
import { bitsOf, countBoth, inAll, type RowBits, rowsOf } from './row-bits.ts'
import { type Outcomes, type RowSet, sliceFigures } from './slice-figures.ts'

/**
 * Search for slices that fare worse than the rows outside them, level by level through the lattice of conjunctions
 * (Chung et al. 2019, Slice Finder, ICDE, doi 10.1109/ICDE.2019.00139). A slice is dropped, with all below it, when it has too
 * few rows, and skipped when it has the same rows as a wider one: neither looks at the outcomes, so the tests that are left keep
 * their meaning. Errors are tested by Fisher's exact test, sizes of errors by Welch's, both one-sided, and all tested
 * slices count in the correction, found or not (Slice Finder stops at found slices and spends its level as it goes).
 */
export interface SliceSearchOptions {
  /** Most conditions in a slice. */
  readonly depth: number
  readonly minRows: number
  /** `holm`: no false slice at all, with this chance; `benjamini-hochberg`: the share of false ones, on average. */
  readonly correction: 'holm' | 'benjamini-hochberg'
  readonly level: number
  /** A level of the lattice that would test more slices than this in all is left out. */
  readonly mostTests: number
  /** Called now and then with the share of the level's slices done; may throw to cancel. */
  readonly onProgress?: (fraction: number, depth: number) => void
}

export const sliceSearchDefaults = {
  depth: 3,
  minRows: 30,
  correction: 'holm',
  level: 0.05,
  mostTests: 500_000,
} as const satisfies SliceSearchOptions

export interface FoundSlice extends Slice {
  readonly pValue: number
  /** To be compared with the level itself. */
  readonly adjusted: number
}

export interface SliceSearch {
  /** Slices beyond chance, most room for gain first; none that lies within a wider one that is at least as bad. */
  readonly found: readonly FoundSlice[]
  readonly tested: number
  /** Most conditions that were tried. */
  readonly depth: number
  /** Whether slices of more conditions were too many to try. */
  readonly left: boolean
}

/** A slice of the lattice: its conditions by number of their row set, rising, and how many rows it has. */
interface Node {
  readonly sets: readonly number[]
  readonly size: number
}

/** `sets` are single conditions, as `featureSlices` gives them; those of one column are never joined. */
export function searchSlices(
  sets: readonly RowSet[],
  outcomes: Outcomes,
  options: SliceSearchOptions = sliceSearchDefaults,
): SliceSearch {
  const members = sets.map(({ rows }) => bitsOf(rows, outcomes.errors.length))
  const tested: Node[] = []
  let level = singleConditions(sets, outcomes.errors.length, options.minRows)
  let depth = 0
  while (level.length > 0 && depth < options.depth && tested.length + level.length <= options.mostTests) {
    tested.push(...level)
    depth++
    level = depth < options.depth ? nextLevel(level, sets, members, options, depth + 1) : []
  }
  const pValues = testAll(tested, members, outcomes)
  const adjusted = (options.correction === 'holm' ? holm : benjaminiHochberg)(pValues)
  const beyond = tested.flatMap((_node, at) => (adjusted[at]! <= options.level ? [at] : []))
  const candidates = beyond.map((at) => ({
    sets: tested[at]!.sets,
    slice: {
      ...sliceFigures(joined(tested[at]!, sets, members), outcomes, options.minRows),
      pValue: pValues[at]!,
      adjusted: adjusted[at]!,
    },
  }))
  return {
    found: widest(candidates, outcomes),
    tested: tested.length,
    depth,
    left: level.length > 0 && depth < options.depth,
  }
}

const singleConditions = (sets: readonly RowSet[], all: number, minRows: number): readonly Node[] =>
  sets.flatMap(({ rows }, index) =>
    rows.length >= minRows && rows.length < all ? [{ sets: [index], size: rows.length }] : [],
  )

/**
 * Every slice of two conditions on different columns with at least `minRows` of `all` rows, but for those that have the same rows
 * as one of their conditions alone; stops once there are more than `mostTests`.
 */
export function pairSlices(
  sets: readonly RowSet[],
  all: number,
  options: Pick<SliceSearchOptions, 'minRows' | 'mostTests' | 'onProgress'>,
): readonly RowSet[] {
  const members = sets.map(({ rows }) => bitsOf(rows, all))
  const pairs = nextLevel(singleConditions(sets, all, options.minRows), sets, members, options, 2)
  return pairs.map((pair) => joined(pair, sets, members))
}

/** Every slice with a further condition of a later set on another column, once, if it has enough rows and fewer than before. */
function nextLevel(
  level: readonly Node[],
  sets: readonly RowSet[],
  members: readonly RowBits[],
  { minRows, onProgress, mostTests }: Pick<SliceSearchOptions, 'minRows' | 'mostTests' | 'onProgress'>,
  depth: number,
): Node[] {
  const next: Node[] = []
  for (const [at, node] of level.entries()) {
    if (at % 64 === 0) onProgress?.(at / level.length, depth)
    const common = inAll(node.sets.map((set) => members[set]!))
    const taken = new Set(node.sets.map((set) => sets[set]!.conditions[0]?.column))
    for (let further = node.sets.at(-1)! + 1; further < sets.length; further++) {
      if (taken.has(sets[further]!.conditions[0]?.column)) continue
      const size = countBoth(common, members[further]!)
      if (size < minRows || repeats(size, node, further, members)) continue
      next.push({ sets: [...node.sets, further], size })
      if (next.length > mostTests) return next
    }
  }
  return next
}

/** Whether the joined slice has the same rows as one with a condition less. */
function repeats(size: number, node: Node, further: number, members: readonly RowBits[]) {
  if (size === node.size) return true
  const all = [...node.sets, further]
  return node.sets.some((dropped) => {
    const rest = inAll(all.filter((set) => set !== dropped).map((set) => members[set]!))
    return countBoth(rest, rest) === size
  })
}

function testAll(tested: readonly Node[], members: readonly RowBits[], { errors, sizes }: Outcomes): number[] {
  const all = errors.length
  const wrong = Uint32Array.from(errors.keys()).filter((row) => errors[row] === 1)
  const marks = bitsOf(wrong, all)
  return tested.map(({ sets, size }) => {
    const bits = inAll(sets.map((set) => members[set]!))
    if (!sizes) return hypergeometricTail(countBoth(bits, marks), { drawn: size, marked: wrong.length, total: all })
    const inside = Float64Array.from(rowsOf(bits), (row) => sizes[row]!)
    const outside = sizes.filter((_, row) => ((bits[row >>> 5]! >>> (row & 31)) & 1) === 0)
    return welchTail(inside, outside)
  })
}

function joined({ sets: own }: Node, sets: readonly RowSet[], members: readonly RowBits[]): RowSet {
  return {
    label: own.map((set) => sets[set]!.label).join(' and '),
    conditions: own.flatMap((set) => sets[set]!.conditions),
    rows: rowsOf(inAll(own.map((set) => members[set]!))),
  }
}

interface Candidate {
  readonly sets: readonly number[]
  readonly slice: FoundSlice
}

/** Leaves out what lies within a wider found slice that is at least as bad; most room first. */
function widest(candidates: readonly Candidate[], { sizes }: Outcomes): FoundSlice[] {
  const badness = ({ slice }: Candidate) => (sizes ? slice.metric.value : slice.errorRate.value) ?? 0
  const kept: Candidate[] = []
  for (const candidate of candidates) {
    const within = (wider: Candidate) =>
      wider.sets.length < candidate.sets.length && wider.sets.every((set) => candidate.sets.includes(set))
    if (!kept.some((wider) => within(wider) && badness(wider) >= badness(candidate))) kept.push(candidate)
  }
  const order = (a: FoundSlice, b: FoundSlice) => b.room - a.room || a.pValue - b.pValue
  return kept.map(({ slice }) => slice).sort(order)
}
