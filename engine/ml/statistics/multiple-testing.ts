/** Corrections for many tests at once: adjusted p-values, in the order given, to be compared with the level itself. */

/** Holm's step-down procedure (1979, Scandinavian Journal of Statistics 6:65): family-wise error, any dependence. */
export function holm(pValues: readonly number[]): number[] {
  const m = pValues.length
  const adjusted = new Array<number>(m).fill(Number.NaN)
  let reached = 0
  upwards(pValues).forEach((index, rank) => {
    reached = Math.max(reached, Math.min(1, (m - rank) * pValues[index]!))
    adjusted[index] = reached
  })
  return adjusted
}

/** Benjamini & Hochberg's step-up procedure (1995, JRSS B 57:289): false discovery rate, independent or positively dependent. */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const m = pValues.length
  const adjusted = new Array<number>(m).fill(Number.NaN)
  let reached = 1
  upwards(pValues)
    .reverse()
    .forEach((index, rank) => {
      reached = Math.min(reached, (m / (m - rank)) * pValues[index]!)
      adjusted[index] = reached
    })
  return adjusted
}

const upwards = (values: readonly number[]) =>
  Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j)
