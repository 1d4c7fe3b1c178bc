import { normalQuantile } from '../statistics/normal.ts'

interface Plan {
  /** The smallest difference worth finding. */
  readonly difference: number
  /** Chance to find it where it is there. */
  readonly power: number
  /** Chance to find one where there is none. */
  readonly alpha: number
  /** Size of the second sample over the first; 1 unless told. */
  readonly ratio?: number
}

/**
 * People that the first sample needs to tell two shares apart (Fleiss, Levin & Paik 2003, Statistical Methods for Rates and
 * Proportions, equation 4.14, without correction for continuity), two-sided, for one look at the end. `share` is the first
 * sample's; the second is taken on that side of it where more people are needed.
 */
export function peopleForShares(share: number, { difference, power, alpha, ratio = 1 }: Plan): number {
  const needed = (other: number) => {
    const pooled = (share + ratio * other) / (1 + ratio)
    const under = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    const apart = Math.sqrt(share * (1 - share) + (other * (1 - other)) / ratio)
    return ((-normalQuantile(alpha / 2) * under + normalQuantile(power) * apart) / difference) ** 2
  }
  const others = [share - difference, share + difference].filter((other) => other >= 0 && other <= 1)
  return Math.ceil(Math.max(...others.map(needed)))
}

/** The same for two means, from the spread of single values. */
export function peopleForMeans(deviation: number, { difference, power, alpha, ratio = 1 }: Plan): number {
  const quantiles = -normalQuantile(alpha / 2) + normalQuantile(power)
  return Math.ceil(((quantiles * deviation) / difference) ** 2 * (1 + 1 / ratio))
}
