/**
 * Distances between two lists of shares of the same categories or bins, each list summing to 1. Zero shares follow the
 * definition where it has a limit; the stability index has none and raises them to a floor.
 */

/**
 * Population stability index Σ (q - p) ln(q / p), the symmetric Kullback-Leibler divergence in nats, with shares below
 * `floor` raised to it (0.0001, as evidently does). By custom below 0.1 is stable, above 0.25 a shift; but its expected
 * value under no change is about (bins - 1) (1/n + 1/m) (Yurdakul 2018, Statistical properties of population stability
 * index), so small samples exceed both by chance.
 */
export function populationStability(p: ArrayLike<number>, q: ArrayLike<number>, floor = 1e-4): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) {
    const before = Math.max(floor, p[i]!)
    const after = Math.max(floor, q[i]!)
    sum += (after - before) * Math.log(after / before)
  }
  return sum
}

/**
 * Jensen-Shannon distance, 0 to 1: the root of the divergence in bits (Endres & Schindelin 2003, IEEE Transactions on
 * Information Theory 49:1858). SciPy's `jensenshannon` with base 2; its default base e is √(ln 2) times this.
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) {
    const middle = (p[i]! + q[i]!) / 2
    if (p[i]! > 0) sum += (p[i]! * Math.log2(p[i]! / middle)) / 2
    if (q[i]! > 0) sum += (q[i]! * Math.log2(q[i]! / middle)) / 2
  }
  return Math.sqrt(Math.max(0, sum))
}

/** Hellinger distance, 0 to 1: √(Σ (√p - √q)² / 2). HDDDM's own lacks the 2. */
export function hellinger(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += (Math.sqrt(p[i]!) - Math.sqrt(q[i]!)) ** 2
  return Math.sqrt(sum / 2)
}
