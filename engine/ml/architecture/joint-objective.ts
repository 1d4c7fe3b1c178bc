/** Milliseconds of a call with one row, as they were measured on one machine. */
export interface RowLatency {
  readonly median: number
  readonly p95: number
}

/** What a candidate is judged by. */
export interface CandidateFigures {
  /** Higher is better: accuracy of classes, or R² of numbers. */
  readonly quality: number
  readonly bytes: number
  readonly multiplyAdds: number
  /** Where it was measured. */
  readonly latency?: RowLatency
}

export interface JointObjective {
  /** Candidates beyond these are not trained at all. */
  readonly mostBytes?: number
  readonly mostMultiplyAdds?: number
  /** For the 95th percentile. */
  readonly mostMilliseconds?: number
  /** From here on a cost lowers the score; without a target it does not count. */
  readonly targetBytes?: number
  readonly targetMultiplyAdds?: number
  /** For the median, which a busy moment hardly moves. */
  readonly targetMilliseconds?: number
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
  const { quality, bytes, multiplyAdds, latency } = figures
  const { targetBytes, targetMultiplyAdds, targetMilliseconds, weight = paperWeight } = objective
  const factor =
    over(bytes, targetBytes, weight) *
    over(multiplyAdds, targetMultiplyAdds, weight) *
    over(latency?.median ?? 0, targetMilliseconds, weight)
  return quality >= 0 ? quality * factor : quality / factor
}

const over = (cost: number, target: number | undefined, weight: number): number =>
  target === undefined || cost <= target ? 1 : (target / cost) ** weight

const { POSITIVE_INFINITY: unlimited } = Number

/** Whether a candidate keeps every limit; that of time where its latency is known. */
export const keepsLimits = (
  { bytes, multiplyAdds, latency }: Omit<CandidateFigures, 'quality'>,
  { mostBytes = unlimited, mostMultiplyAdds = unlimited, mostMilliseconds = unlimited }: JointObjective,
): boolean =>
  bytes <= mostBytes && multiplyAdds <= mostMultiplyAdds && (latency === undefined || latency.p95 <= mostMilliseconds)

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
