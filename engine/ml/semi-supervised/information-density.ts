import { gapSquare } from '../cluster/assign-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type Uncertainty, uncertainty } from './uncertainty.ts'

/**
 * Density-weighted uncertainty (Settles & Craven 2008, EMNLP, 1070: information density):
 * uncertainty(x) · (mean over the unlabelled rows u of similarity(x, u))^β, so that a person is asked about rows that are
 * doubtful and like many others, not about outliers.
 *
 * Similarity is 1 / (1 + Euclidean distance), which suits standardised columns, or the paper's cosine, which suits counts;
 * a row of zeros is like none by cosine, and a mean below 0 counts as 0.
 */
export type Similarity = 'distance' | 'cosine'

/** Mean similarity of each row with all rows, itself included; every number must be finite. */
export function meanSimilarity(x: Matrix, similarity: Similarity): Float64Array {
  return similarity === 'cosine' ? meanCosine(x) : meanNearness(x)
}

function meanNearness({ rows, columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(rows).fill(1)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const near = 1 / (1 + Math.sqrt(gapSquare(values, i * columns, values, j * columns, columns)))
      sums[i]! += near
      sums[j]! += near
    }
  return sums.map((sum) => sum / rows)
}

/** The mean of cosines is the cosine-like product with the mean of the unit rows: linear in the number of rows. */
function meanCosine({ rows, columns, values }: Matrix): Float64Array {
  const units = matrix(rows, columns, values.slice())
  const mean = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    const unit = units.values.subarray(i * columns, (i + 1) * columns)
    const length = Math.sqrt(unit.reduce((sum, value) => sum + value * value, 0))
    for (let j = 0; j < columns; j++) {
      unit[j] = length > 0 ? unit[j]! / length : 0
      mean[j]! += unit[j]! / rows
    }
  }
  return Float64Array.from({ length: rows }, (_, i) => {
    let product = 0
    for (let j = 0; j < columns; j++) product += units.values[i * columns + j]! * mean[j]!
    return Math.max(0, product)
  })
}

export interface QueueOptions {
  /** Entropy unless given, as in the paper. */
  readonly kind?: Uncertainty
  readonly similarity?: Similarity
  /** How much density weighs; 1 unless given, 0 for uncertainty alone. */
  readonly beta?: number
  /** Rows of the queue at most; all unless given. */
  readonly size?: number
}

export interface UncertaintyQueue {
  /** Row numbers, the most worth asking about first; of equals the first. */
  readonly rows: Uint32Array
  /** Uncertainty times density, of every row. */
  readonly scores: Float64Array
}

/** Which unlabelled rows to ask about: their probabilities [rows, classes] and features [rows, columns]. */
export function uncertaintyQueue(probabilities: Matrix, x: Matrix, options: QueueOptions = {}): UncertaintyQueue {
  const { kind = 'entropy', similarity = 'distance', beta = 1, size = x.rows } = options
  const scores = uncertainty(probabilities, kind)
  if (beta !== 0) {
    const density = meanSimilarity(x, similarity)
    for (let i = 0; i < scores.length; i++) scores[i]! *= density[i]! ** beta
  }
  const rows = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b)
  return { rows: rows.slice(0, size), scores }
}
