import { rowOf } from '../explain/score-rows.ts'
import type { Matrix } from '../matrix.ts'
import { fitPrincipalComponents } from '../reduce/principal-components.ts'
import { gatherRows } from './gather-rows.ts'

export interface SpectralOptions {
  /** Share of each class that may be poisoned (the paper's epsilon); 0.05 unless told. */
  readonly share?: number
  /** How many times that share is suspected; 1.5 unless told, as in the paper. */
  readonly excess?: number
}

export interface SpectralFindings {
  /** Squared length of each row, less the mean of its class, along the class's first singular direction. */
  readonly scores: Float64Array
  /** The rows of each class with the highest scores, rising. */
  readonly suspects: Uint32Array
}

/**
 * Spectral signatures (Tran, Li & Madry 2018, NeurIPS, arXiv 1811.00636): poisoned rows of a class lean in one direction of
 * its representations, so they stand out along the first right singular vector of the centred class. `representations` are
 * what a network computes before its last layer, or standardised columns where there is none. Classes with fewer than
 * three rows have scores 0 and no suspects.
 */
export function spectralSignatures(
  representations: Matrix,
  classOf: ArrayLike<number>,
  { share = 0.05, excess = 1.5 }: SpectralOptions = {},
): SpectralFindings {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is between 0 and 1, not ${share}`)
  const scores = new Float64Array(representations.rows)
  const suspects: number[] = []
  const byClass = Map.groupBy(scores.keys(), (row) => classOf[row]!)
  for (const members of byClass.values()) {
    if (members.length < 3) continue
    const own = gatherRows(representations, members)
    const { mean, axes } = fitPrincipalComponents(own, { components: 1 })
    members.forEach((row, at) => {
      scores[row] = alongAxis(rowOf(own, at), mean, axes.values) ** 2
    })
    const count = Math.min(members.length, Math.round(excess * share * members.length))
    suspects.push(...members.toSorted((a, b) => scores[b]! - scores[a]! || a - b).slice(0, count))
  }
  return { scores, suspects: Uint32Array.from(suspects).sort() }
}

const alongAxis = (row: Float64Array, mean: Float64Array, axis: Float64Array) =>
  row.reduce((sum, cell, j) => sum + (cell - mean[j]!) * axis[j]!, 0)

/** How well suspicion meets the truth. NaN where there is nothing to divide by. */
export function judgeSuspects(suspects: Uint32Array, planted: Uint32Array) {
  const truth = new Set(planted)
  const hits = suspects.filter((row) => truth.has(row)).length
  return { precision: hits / suspects.length, recall: hits / planted.length }
}
