import type { TextCells } from '#contract'

export interface LevelCount {
  readonly level: string
  readonly count: number
}

/** How often each level occurs, most frequent first, equals by code unit; levels that never occur are left out. */
export function levelCounts(cells: TextCells): LevelCount[] {
  const counts = new Float64Array(cells.levels.length)
  for (const code of cells.codes) if (code >= 0) counts[code]!++
  const found: LevelCount[] = []
  counts.forEach((count, code) => {
    if (count > 0) found.push({ level: cells.levels[code]!, count })
  })
  return found.sort((a, b) => b.count - a.count || (a.level < b.level ? -1 : 1))
}
