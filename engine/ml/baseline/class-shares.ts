/** Share of each class, weighted; they sum to 1. */
export function classShares(codes: Int32Array, classes: number, weights?: Float64Array): number[] {
  const sums = new Array<number>(classes).fill(0)
  let total = 0
  for (let i = 0; i < codes.length; i++) {
    const weight = weights ? weights[i]! : 1
    sums[codes[i]!]! += weight
    total += weight
  }
  return sums.map((sum) => sum / total)
}

/** 1 for the most frequent class, the first of equals, else 0. */
export function majorityScores(shares: readonly number[]): number[] {
  const best = shares.indexOf(Math.max(...shares))
  return shares.map((_, k) => (k === best ? 1 : 0))
}
