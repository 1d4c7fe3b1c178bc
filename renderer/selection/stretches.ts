import type { Stretches } from '#contract'

/** Places in any order as stretches, joined where they touch. */
export function joinedStretches(parts: Stretches): Stretches {
  const joined: [number, number][] = []
  for (const [first, last] of [...parts].sort(([a], [b]) => a - b)) {
    const before = joined.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else joined.push([first, last])
  }
  return joined
}

function without(stretches: Stretches, [first, last]: Stretches[number]): Stretches {
  return stretches.flatMap(([from, to]) => {
    if (to < first || from > last) return [[from, to] as const]
    const parts = [[from, first - 1] as const, [last + 1, to] as const]
    return parts.filter(([start, end]) => start <= end)
  })
}

export const hasPlace = (stretches: Stretches, place: number): boolean =>
  stretches.some(([first, last]) => place >= first && place <= last)

/** The places with these, or without them where all were in already. */
export function toggledPlaces(stretches: Stretches, changed: Stretches): Stretches {
  const parts = joinedStretches(changed)
  const isIn = ([first, last]: Stretches[number]) => stretches.some(([from, to]) => from <= first && to >= last)
  return parts.every(isIn) ? parts.reduce(without, stretches) : joinedStretches([...stretches, ...parts])
}

export const countPlaces = (stretches: Stretches): number =>
  stretches.reduce((sum, [first, last]) => sum + last - first + 1, 0)
