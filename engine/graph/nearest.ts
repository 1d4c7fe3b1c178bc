/**
 * Edit distance with adjacent swaps (optimal string alignment; Damerau 1964), case ignored, for "did you mean".
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforePrevious[j - 2]! + 1)
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}

const longestName = 200

/** The known name that was most likely meant, if any is close: at most a third of its letters differ, or one begins with the other. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, longestName)
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const candidate = name.toLowerCase().slice(0, longestName)
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))
    if (Math.abs(candidate.length - wanted.length) > limit && !extended(wanted, candidate)) continue
    const distance = extended(wanted, candidate)
      ? Math.min(limit, editDistance(wanted, candidate))
      : editDistance(wanted, candidate)
    if (distance > limit) continue
    if (!best || distance < best.distance) best = { name, distance }
  }
  return best?.name
}

function extended(a: string, b: string): boolean {
  return a.length >= 3 && b.length >= 3 && (a.startsWith(b) || b.startsWith(a))
}
