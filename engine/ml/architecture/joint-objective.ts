/** What a candidate is judged by. */
export interface CandidateFigures {
  /** Higher is better: accuracy of classes, or R² of numbers. */
  readonly quality: number
  readonly bytes: number
  readonly multiplyAdds: number
}

/** Limits, and how hard going over one counts. Without a limit a cost does not count. */
export interface JointObjective {
  readonly mostBytes?: number
  readonly mostMultiplyAdds?: number
  /** Exponent of each cost over its limit; 0.07 in the paper, where twice the cost is worth 5 % of the quality. */
  readonly sizeWeight?: number
  readonly speedWeight?: number
}

const paperWeight = 0.07

/**
 * Quality times (limit / cost) ^ weight for each cost that passes its limit (Tan et al. 2019, "MnasNet", CVPR, the soft
 * objective; costs below the limit earn nothing). For a quality below 0 the factor is turned round, so that more cost is
 * never better.
 */
export function jointScore(figures: CandidateFigures, objective: JointObjective): number {
  const { quality, bytes, multiplyAdds } = figures
  const { mostBytes, mostMultiplyAdds, sizeWeight = paperWeight, speedWeight = paperWeight } = objective
  const factor = over(bytes, mostBytes, sizeWeight) * over(multiplyAdds, mostMultiplyAdds, speedWeight)
  return quality >= 0 ? quality * factor : quality / factor
}

const over = (cost: number, limit: number | undefined, weight: number): number =>
  limit === undefined || cost <= limit ? 1 : (limit / cost) ** weight

/** Whether a candidate keeps every limit. */
export const keepsLimits = (
  { bytes, multiplyAdds }: Pick<CandidateFigures, 'bytes' | 'multiplyAdds'>,
  { mostBytes = Number.POSITIVE_INFINITY, mostMultiplyAdds = Number.POSITIVE_INFINITY }: JointObjective,
): boolean => bytes <= mostBytes && multiplyAdds <= mostMultiplyAdds

/** Indices of the points that no other beats: quality no lower, cost no higher, and one of the two better. Sorted by cost. */
export function paretoFront(points: readonly { readonly quality: number; readonly cost: number }[]): readonly number[] {
  const order = Array.from(points.keys()).sort(
    (i, j) => points[i]!.cost - points[j]!.cost || points[j]!.quality - points[i]!.quality || i - j,
  )
  let best = Number.NEGATIVE_INFINITY
  return order.filter((index) => {
    const { quality } = points[index]!
    if (!(quality > best)) return false
    best = quality
    return true
  })
}
