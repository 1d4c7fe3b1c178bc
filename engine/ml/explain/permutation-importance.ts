import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { moments } from '../statistics/moments.ts'
import { studentTQuantile } from '../statistics/student-t.ts'
import { playersOf } from './masked-game.ts'
import { needRows, rowsAtOnce, type ScoreRows, scoreAll } from './score-rows.ts'

export interface ImportanceOptions {
  /** Shuffles of each feature; default 5, at least 2 for an interval. */
  readonly repeats?: number
  readonly seed?: number | string
  readonly confidence?: number
  /** The order of the rows for a repeat, in place of a random one. */
  readonly order?: (repeat: number) => ArrayLike<number>
  readonly onProgress?: (fraction: number) => void
}

export interface FeatureImportance {
  readonly feature: string
  /** Mean drop of the merit over the repeats. */
  readonly importance: number
  /** Standard deviation of the drops, divided by their number as in scikit-learn. */
  readonly deviation: number
  /** Student's t interval of the mean over shuffles of these rows; NaN from one repeat. */
  readonly low: number
  readonly high: number
  readonly drops: Float64Array
}

/**
 * Permutation importance (Breiman 2001, Machine Learning 45:5; Fisher, Rudin & Dominici 2019, JMLR 20:177) as
 * scikit-learn's permutation_importance: the merit of the scores on the rows as they are, less the merit after a
 * feature's cells are shuffled. A repeat shuffles every feature in the same order. Columns of the same source move
 * together; of two features that say the same each takes part of the credit, so give them one source to see it whole.
 */
export async function permutationImportance(
  score: ScoreRows,
  rows: Matrix,
  merit: (scores: Float64Array) => number,
  sources: readonly string[],
  { repeats = 5, seed = 0, confidence = 0.95, order, onProgress }: ImportanceOptions = {},
): Promise<FeatureImportance[]> {
  needRows(rows, 'table to shuffle')
  const players = playersOf(sources)
  const random = createRandom(seed).split('permutation-importance')
  const orders = Array.from(
    { length: repeats },
    (_, repeat) => order?.(repeat) ?? random.split(repeat).permutation(rows.rows),
  )
  const own = merit(await scoreAll(score, rows))
  const found: FeatureImportance[] = []
  for (const [player, feature] of players.names.entries()) {
    const columns = [...players.of.keys()].filter((column) => players.of[column] === player)
    const shuffled = await scoreShuffled(score, rows, columns, orders)
    const drops = Float64Array.from(shuffled, (scores) => own - merit(scores))
    found.push({ feature, ...summary(drops, confidence), drops })
    onProgress?.(found.length / players.names.length)
  }
  return found
}

/** Scores of the rows with the columns in each of the orders; several orders fill one call while rows are few. */
async function scoreShuffled(
  score: ScoreRows,
  { rows, columns, values }: Matrix,
  moved: readonly number[],
  orders: readonly ArrayLike<number>[],
): Promise<Float64Array[]> {
  const atOnce = Math.max(1, Math.floor(rowsAtOnce / rows))
  const found: Float64Array[] = []
  for (let from = 0; from < orders.length; from += atOnce) {
    const some = orders.slice(from, from + atOnce)
    const batch = matrix(rows * some.length, columns)
    some.forEach((order, k) => {
      batch.values.set(values, k * values.length)
      for (let row = 0; row < rows; row++)
        for (const column of moved)
          batch.values[k * values.length + row * columns + column] = values[order[row]! * columns + column]!
    })
    const scores = await scoreAll(score, batch)
    some.forEach((_, k) => {
      found.push(scores.slice(k * rows, (k + 1) * rows))
    })
  }
  return found
}

function summary(drops: Float64Array, confidence: number) {
  const { n, mean, variance, sampleVariance } = moments(drops)
  const half = n > 1 ? studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(sampleVariance / n) : Number.NaN
  return { importance: mean, deviation: Math.sqrt(variance), low: mean - half, high: mean + half }
}
