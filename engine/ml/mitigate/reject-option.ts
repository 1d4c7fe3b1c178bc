import { ProblemError } from '#contract'
import { requireNumbers } from '../usable-targets.ts'

/**
 * Reject option classification (Kamiran, Karim & Zhang 2012, ICDM): within a margin of the threshold, people of the
 * unprivileged group get the favourable decision and those of the privileged do not. Threshold and margin are searched
 * on aif360's grid, 100 thresholds from 0.01 to 0.99 by 50 margins; taken is the largest balanced accuracy among those
 * whose disparity lies within the bound. Where none does, the smallest absolute disparity is taken and `within` is
 * false; aif360 0.6.1 takes the most negative there, which favours as far as it can.
 */
export type DisparityKind = 'statistical-parity' | 'average-odds' | 'equal-opportunity'

export interface RejectOption {
  readonly threshold: number
  readonly margin: number
  /** Unprivileged minus privileged. */
  readonly disparity: number
  readonly balancedAccuracy: number
  readonly within: boolean
}

export interface RejectOptions {
  /** Statistical parity unless given. */
  readonly kind?: DisparityKind
  /** Largest absolute disparity; 0.05 unless given. */
  readonly bound?: number
  readonly thresholds?: number
  readonly margins?: number
}

/** Scores of [0, 1], actual 1 = favourable, privileged 1 or 0 by row. */
export function fitRejectOption(
  scores: Float64Array,
  actual: Uint8Array,
  privileged: Uint8Array,
  options: RejectOptions = {},
): RejectOption {
  const { kind = 'statistical-parity', bound = 0.05, thresholds = 100, margins = 50 } = options
  requireNumbers('The reject option', 'prediction', scores)
  const cells = sortedCells(scores, actual, privileged)
  let best: RejectOption | undefined
  for (let t = 0; t < thresholds; t++) {
    const threshold = 0.01 + (0.98 * t) / (thresholds - 1)
    const widest = threshold <= 0.5 ? threshold : 1 - threshold
    for (let m = 0; m < margins; m++) {
      const margin = (widest * m) / (margins - 1)
      const found = judge(cells, threshold, margin, kind, bound)
      if (!best || better(found, best)) best = found
    }
  }
  return best!
}

function better(a: RejectOption, b: RejectOption): boolean {
  if (a.within !== b.within) return a.within
  return a.within ? a.balancedAccuracy > b.balancedAccuracy : Math.abs(a.disparity) < Math.abs(b.disparity)
}

/** The decision for one person. */
export function decideRejectOption({ threshold, margin }: RejectOption, score: number, privileged: boolean): 0 | 1 {
  if (score > threshold - margin && score <= threshold + margin) return privileged ? 0 : 1
  return score > threshold ? 1 : 0
}

/** Ascending scores of privileged 0 and 1 by actual 0 and 1: at 2 x privileged + actual. */
function sortedCells(scores: Float64Array, actual: Uint8Array, privileged: Uint8Array): readonly Float64Array[] {
  const cells = [0, 1, 2, 3].map((cell) =>
    scores.filter((_, row) => 2 * privileged[row]! + actual[row]! === cell).sort(),
  )
  if (cells.every((cell) => cell.length > 0)) return cells
  throw new ProblemError({
    code: 'rows-missing',
    message: 'One of the two groups has only one outcome, so error rates can not be compared.',
    fix: 'Use more rows, or other groups.',
  })
}

function judge(
  cells: readonly Float64Array[],
  threshold: number,
  margin: number,
  kind: DisparityKind,
  bound: number,
): RejectOption {
  const chosen = cells.map((cell, index) => countAbove(cell, index < 2 ? threshold - margin : threshold + margin))
  const rate = (index: number) => chosen[index]! / cells[index]!.length
  const both = (a: number, b: number) => (chosen[a]! + chosen[b]!) / (cells[a]!.length + cells[b]!.length)
  const disparity = {
    'statistical-parity': () => both(0, 1) - both(2, 3),
    'equal-opportunity': () => rate(1) - rate(3),
    'average-odds': () => 0.5 * (rate(0) - rate(2) + rate(1) - rate(3)),
  }[kind]()
  const balancedAccuracy = 0.5 * (both(1, 3) + 1 - both(0, 2))
  return { threshold, margin, disparity, balancedAccuracy, within: Math.abs(disparity) <= bound }
}

function countAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! > limit) high = middle
    else low = middle + 1
  }
  return sorted.length - low
}
