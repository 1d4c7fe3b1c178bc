import type { CellSums } from './best-steps.ts'

/**
 * FAST (Lou et al. 2013, doi 10.1145/2487575.2487579, 3.2): how much a pair of features could add is judged by the best model of
 * four constants, one a quadrant of a cut in each feature, found from cumulated sums. Rows with a missing value in either
 * feature take no part in the cut and form cells of their own.
 */
export interface PairGrid {
  readonly features: readonly [number, number]
  /** Bins of each feature, the one of missing values included. */
  readonly sizes: readonly [number, number]
  readonly gain: number
}

const mostBins = 32

/** At most 31 of a feature's bounds, with about as many rows between each. */
export function coarseBounds(bounds: Float64Array, column: Float64Array): Float64Array {
  if (bounds.length < mostBins) return bounds
  const sorted = column.filter((value) => !Number.isNaN(value)).sort()
  const kept = new Set<number>()
  for (let part = 1; part < mostBins; part++) {
    const value = sorted[Math.floor((part * sorted.length) / mostBins)]!
    const bound = bounds.find((own) => own >= value)
    if (bound !== undefined) kept.add(bound)
  }
  return Float64Array.from(kept)
}

/** All pairs, most gain first. */
export function rankPairs(
  cells: readonly Uint8Array[],
  bounds: readonly Float64Array[],
  { gradients, hessians }: { readonly gradients: Float64Array; readonly hessians: Float64Array },
  minRows: number,
): PairGrid[] {
  const grids: PairGrid[] = []
  for (let first = 0; first < cells.length; first++)
    for (let second = first + 1; second < cells.length; second++) {
      const sizes = [bounds[first]!.length + 2, bounds[second]!.length + 2] as const
      const sums = emptySums(sizes[0] * sizes[1])
      for (let row = 0; row < gradients.length; row++) {
        const cell = cells[first]![row]! * sizes[1] + cells[second]![row]!
        sums.gradients[cell]! += gradients[row]!
        sums.hessians[cell]! += hessians[row]!
        sums.counts[cell]! += hessians[row]! > 0 ? 1 : 0
      }
      grids.push({ features: [first, second], sizes, gain: crossCut(sums, sizes, minRows).gain })
    }
  return grids.sort((a, b) => b.gain - a.gain)
}

const emptySums = (size: number) => ({
  gradients: new Float64Array(size),
  hessians: new Float64Array(size),
  counts: new Float64Array(size),
})

/** The best cut in both directions: its gain over a constant and over each of its two cuts alone, and its step by cell. */
export function crossCut(sums: CellSums, sizes: readonly [number, number], minRows: number) {
  const [high, wide] = [sizes[0] - 1, sizes[1] - 1]
  const total = cumulate(sums, sizes)
  const at = (table: Float64Array, i: number, j: number) => table[i * (wide + 1) + j]!
  const quadrants = (table: Float64Array, i: number, j: number) => {
    const [above, left, corner, all] = [at(table, i, wide), at(table, high, j), at(table, i, j), at(table, high, wide)]
    return [corner, above - corner, left - corner, all - above - left + corner] as const
  }
  const worth = (g: number, h: number) => (h > 0 ? (g * g) / h : 0)
  let gain = 0
  let best: { i: number; j: number } | undefined
  for (let i = 1; i < high; i++)
    for (let j = 1; j < wide; j++) {
      if (quadrants(total.counts, i, j).some((count) => count < minRows)) continue
      const g = quadrants(total.gradients, i, j)
      const h = quadrants(total.hessians, i, j)
      const four = g.reduce((sum, value, q) => sum + worth(value, h[q]!), 0)
      const rows = worth(g[0] + g[1], h[0] + h[1]) + worth(g[2] + g[3], h[2] + h[3])
      const columns = worth(g[0] + g[2], h[0] + h[2]) + worth(g[1] + g[3], h[1] + h[3])
      const own = four - Math.max(rows, columns)
      if (own <= gain) continue
      gain = own
      best = { i, j }
    }
  return { gain, step: best ? stepOf(best, sizes, quadrants, total) : new Float64Array(sums.gradients.length) }
}

/** Newton's constant of its quadrant for each cell; 0 where a value is missing. */
function stepOf(
  { i, j }: { readonly i: number; readonly j: number },
  [rows, columns]: readonly [number, number],
  quadrants: (table: Float64Array, i: number, j: number) => readonly [number, number, number, number],
  total: CellSums,
): Float64Array {
  const hessians = quadrants(total.hessians, i, j)
  const values = quadrants(total.gradients, i, j).map((g, q) => (hessians[q]! > 0 ? -g / hessians[q]! : 0))
  const step = new Float64Array(rows * columns)
  for (let r = 0; r < rows - 1; r++)
    for (let c = 0; c < columns - 1; c++) step[r * columns + c] = values[(r < i ? 0 : 2) + (c < j ? 0 : 1)]!
  return step
}

/** Sums over all cells above and left, without the missing ones: entry (i, j) covers i rows and j columns. */
function cumulate(sums: CellSums, [rows, columns]: readonly [number, number]): CellSums {
  const turn = (table: Float64Array) => {
    const out = new Float64Array(rows * columns)
    for (let i = 1; i < rows; i++)
      for (let j = 1; j < columns; j++)
        out[i * columns + j] =
          table[(i - 1) * columns + j - 1]! +
          out[(i - 1) * columns + j]! +
          out[i * columns + j - 1]! -
          out[(i - 1) * columns + j - 1]!
    return out
  }
  return { gradients: turn(sums.gradients), hessians: turn(sums.hessians), counts: turn(sums.counts) }
}
