/** A feature that says the same as another that was kept. */
export interface Twin {
  readonly feature: number
  /** The kept feature it resembles most. */
  readonly twin: number
  /** How much: the absolute correlation or Cramér's V. */
  readonly strength: number
}
export interface TwinChoice {
  readonly kept: readonly number[]
  readonly dropped: readonly Twin[]
}

/** Features in the order they are looked at: the most valued first, else in column order. */
export function byValue(features: number, value?: ArrayLike<number>): number[] {
  const order = Array.from({ length: features }, (_, i) => i)
  return value ? order.sort((i, j) => (value[j] === value[i] ? i - j : value[j]! - value[i]!)) : order
}

/**
 * Keeps features one after the other, the most valued first (`value` larger is better; without it, or among equals, in
 * column order), and drops each that resembles a kept one with at least `threshold`. No kept pair resembles that much,
 * and every dropped feature has a kept twin.
 */
export function dropTwins(
  features: number,
  strength: (i: number, j: number) => number,
  threshold: number,
  value?: ArrayLike<number>,
): TwinChoice {
  const kept: number[] = []
  const dropped: Twin[] = []
  for (const feature of byValue(features, value)) {
    let twin = -1
    let strongest = 0
    for (const candidate of kept) {
      const own = strength(candidate, feature)
      if (own < threshold || (twin >= 0 && own <= strongest)) continue
      twin = candidate
      strongest = own
    }
    if (twin < 0) kept.push(feature)
    else dropped.push({ feature, twin, strength: strongest })
  }
  return { kept: kept.sort((i, j) => i - j), dropped: dropped.sort((a, b) => a.feature - b.feature) }
}
