import type { TextCells } from '#contract'

/** More levels than these tell nothing that a learner would keep: only the most frequent get a column. */
const mostLevels = 100

/**
 * A text as columns of 0 and 1, one a level in the order of the levels, as one-hot encoding has them; a missing cell is 0
 * in all. Of many levels the most frequent, the earlier among equals.
 */
export function levelColumns({ codes, levels }: TextCells, most = mostLevels): Float64Array[] {
  const counts = new Float64Array(levels.length)
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) counts[codes[i]!]! += 1
  const present = Array.from(levels.keys()).filter((level) => counts[level]! > 0)
  const chosen = present.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, most)
  return chosen
    .sort((a, b) => a - b)
    .map((level) => {
      const column = new Float64Array(codes.length)
      for (let i = 0; i < codes.length; i++) if (codes[i] === level) column[i] = 1
      return column
    })
}
