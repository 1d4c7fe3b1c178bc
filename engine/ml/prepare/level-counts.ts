/** How often each level occurs in the given rows; the empty text is missing, as in the ONNX graph. */
export interface LevelCounts {
  readonly counts: Uint32Array
  readonly missing: number
  /** Codes of the levels that occur, in the order of the levels. */
  readonly seen: readonly number[]
  /** The most frequent level, the first of equally frequent ones. */
  readonly frequent: number | undefined
}

export function countLevels(codes: Int32Array, levels: readonly string[]): LevelCounts {
  const counts = new Uint32Array(levels.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0 || levels[code] === '') missing++
    else counts[code]!++
  }
  const seen = [...counts.keys()].filter((code) => counts[code]! > 0)
  let frequent = seen[0]
  for (const code of seen) if (counts[code]! > counts[frequent!]!) frequent = code
  return { counts, missing, seen, frequent }
}
