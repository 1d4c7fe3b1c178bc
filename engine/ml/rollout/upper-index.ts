/**
 * Indices of UCB1 and UCB1-tuned (Auer, Cesa-Bianchi & Fischer 2002, Machine Learning 47:235) for rewards of [0, 1]: mean +
 * √(2 ln t / n), and mean + √(ln t / n · min(¼, variance + √(2 ln t / n))). Plays whose reward is not known yet are not
 * counted (Joulani, György & Szepesvári 2013, ICML, Delayed-UCB1), so t and n count rewards. Infinite without rewards.
 */
export function upperIndices(
  arms: readonly { readonly n: number; readonly mean: number; readonly variance: number }[],
  kind: 'ucb1' | 'ucb1-tuned',
): readonly number[] {
  const plays = arms.reduce((sum, { n }) => sum + n, 0)
  const log = Math.log(Math.max(1, plays))
  return arms.map(({ n, mean, variance }) => {
    if (n === 0) return Number.POSITIVE_INFINITY
    const width = kind === 'ucb1' ? 2 : Math.min(0.25, variance + Math.sqrt((2 * log) / n))
    return mean + Math.sqrt((width * log) / n)
  })
}

/** Everything for the highest index; equal ones share. */
export function highestShares(indices: readonly number[]): readonly number[] {
  const highest = Math.max(...indices)
  const count = indices.filter((index) => index === highest).length
  return indices.map((index) => (index === highest ? 1 / count : 0))
}
