/** What a candidate is judged by. */
export interface CandidateFigures {
  /** Higher is better: accuracy of classes, or R² of numbers. */
  readonly quality: number
  readonly bytes: number
  readonly multiplyAdds: number
}

export interface JointObjective {
  /** Candidates beyond these are not trained at all. */
  readonly mostBytes?: number
  readonly mostMultiplyAdds?: number
  /** From here on a cost lowers the score; without a target it does not count. */
  readonly targetBytes?: number
  readonly targetMultiplyAdds?: number
  /** Exponent of each cost over its target; 0.07, the paper's, makes twice the cost worth 5 % of the quality. */
  readonly weight?: number
}

const paperWeight = 0.07

/**
 * Quality times (target / cost) ^ weight for each cost that passes its target (Tan et al. 2019, "MnasNet", CVPR, the soft
 * objective; costs below the target earn nothing). For a quality below 0 the factor is turned round, so that more cost is
 * never better.
 */
export function jointScore(figures: CandidateFigures, objective: JointObjective): number {
  const { quality, bytes, multiplyAdds } = figures
  const { targetBytes, targetMultiplyAdds, weight = paperWeight } = objective
  const factor = over(bytes, targetBytes, weight) * over(multiplyAdds, targetMultiplyAdds, weight)
  return quality >= 0 ? quality * factor : quality / factor
}

const over = (cost: number, target: number | undefined, weight: number): number =>
  target === undefined || cost <= target ? 1 : (target / cost) ** weight

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
