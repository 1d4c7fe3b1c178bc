import type { Frame } from '#contract'
import { columnOf } from '../frame.ts'
import { moments } from '../statistics/moments.ts'

/** People as points: numbers in standard deviations, and codes of what has no order. Both row-major; NaN and -1 are missing. */
export interface AlikeSpace {
  readonly numbers: { readonly width: number; readonly values: Float64Array }
  readonly words: { readonly width: number; readonly codes: Int32Array }
}

/** What two different words add to the squared distance: two people drawn at random differ by as much in a standardised number. */
const wordGap = 2

/**
 * The space in which people are compared on these features: the squared distance is the sum of squared gaps in standard
 * deviations of the frame's rows, and of 2 for each text or truth value that differs. A missing value is like another
 * missing one and 2 away from the known ones (a heterogeneous Euclidean metric as in Wilson & Martinez 1997, JAIR 6:1).
 */
export function alikeSpace(frame: Frame, features: readonly string[]): AlikeSpace {
  const columns = features.map((feature) => columnOf(frame, feature))
  const isWord = ({ type, cells }: (typeof columns)[number]) => cells.kind === 'text' || type === 'boolean'
  const words = columns.filter(isWord)
  const measures = columns.filter((column) => !isWord(column))
  const values = new Float64Array(frame.rows * measures.length)
  measures.forEach(({ cells }, j) => {
    if (cells.kind !== 'number') return
    const { mean, variance } = moments(cells.values)
    const spread = variance > 0 ? Math.sqrt(variance) : 1
    for (let row = 0; row < frame.rows; row++) values[row * measures.length + j] = (cells.values[row]! - mean) / spread
  })
  const codes = new Int32Array(frame.rows * words.length)
  words.forEach(({ cells }, j) => {
    for (let row = 0; row < frame.rows; row++) {
      const code = cells.kind === 'text' ? cells.codes[row]! : cells.values[row]!
      codes[row * words.length + j] = Number.isNaN(code) ? -1 : code
    }
  })
  return { numbers: { width: measures.length, values }, words: { width: words.length, codes } }
}

/** Rows and their distances, nearest first; of equals the lower row. */
export interface Nearest {
  readonly rows: readonly number[]
  readonly distances: readonly number[]
}

/** The `k` allowed rows that are most like a row; fewer where fewer are allowed. Never the row itself. */
export function nearestAlike(space: AlikeSpace, row: number, k: number, among: Uint32Array): Nearest {
  const rows: number[] = []
  const gaps: number[] = []
  for (const other of among) {
    if (other === row) continue
    const limit = rows.length < k ? Number.POSITIVE_INFINITY : gaps[k - 1]!
    const gap = squaredGap(space, row, other, limit)
    if (gap >= limit) continue
    let place = rows.length < k ? rows.length : k - 1
    for (; place > 0 && gaps[place - 1]! > gap; place--) {
      gaps[place] = gaps[place - 1]!
      rows[place] = rows[place - 1]!
    }
    gaps[place] = gap
    rows[place] = other
  }
  return { rows, distances: gaps.map(Math.sqrt) }
}

/** Squared distance of two rows; some number of at least `limit` where it is not below. */
function squaredGap({ numbers, words }: AlikeSpace, row: number, other: number, limit: number): number {
  let sum = 0
  const [at, from] = [row * words.width, other * words.width]
  for (let j = 0; j < words.width; j++) if (words.codes[at + j] !== words.codes[from + j]) sum += wordGap
  const [own, theirs] = [row * numbers.width, other * numbers.width]
  for (let j = 0; j < numbers.width && sum < limit; j++) {
    const gap = numbers.values[own + j]! - numbers.values[theirs + j]!
    if (!Number.isNaN(gap)) sum += gap * gap
    else if (Number.isNaN(numbers.values[own + j]!) !== Number.isNaN(numbers.values[theirs + j]!)) sum += wordGap
  }
  return sum
}
