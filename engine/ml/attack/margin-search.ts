import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { type AttackSpace, clipInto, distanceOf, freeColumns } from './attack-space.ts'
import type { RowSlopes } from './logit-slopes.ts'
import { predictedClasses, type Victim } from './victim.ts'

export interface MarginSearchOptions extends AttackHooks {
  /** Rounds of the search for the weight of the margin; 9 unless told. */
  readonly searches?: number
  /** Steps of a round; 200 unless told. */
  readonly steps?: number
  /** Length of the first step, in halves of each column's range (in its units where that is infinite); 0.05 unless told, falls to 0. */
  readonly learningRate?: number
  /** Weight of the margin in the first round; 0.01 unless told. */
  readonly firstWeight?: number
  /** By how much the margin must be below 0 (the paper's kappa, in logits); 0 unless told. */
  readonly confidence?: number
}

/** Margins of rows and their slopes; a slope that is NaN was not asked for and its cell waits. */
export type MarginSlopes = (rows: Matrix) => Promise<RowSlopes>

/** Adam (Kingma & Ba 2015), every cell with its own count of steps. */
interface Moments {
  readonly first: Float64Array
  readonly second: Float64Array
  readonly counts: Float64Array
}

/** The weight of each row's margin and what is known of it. */
interface Weights {
  readonly now: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

const halvings = 30

/** Share of a round after which fooling counts as its success; the first steps may shoot over at any weight. */
const settled = 0.8

/**
 * The search shared by Carlini & Wagner's attack and ZOO: minimises |x' - x|² + c · max(margin + confidence, 0) within the
 * space by Adam, c ten times as large after each round without success and by bisection after the first with one. Gives the
 * nearest row of all steps that fools, drawn back along the straight line to where the class just changes; else the row
 * itself. Rows that are misclassified already stay.
 */
export async function searchMargins(
  victim: Victim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  slopesOf: MarginSlopes,
  options: MarginSearchOptions,
): Promise<Matrix> {
  const { searches = 9, steps = 200, firstWeight = 0.01, confidence = 0 } = options
  const free = freeColumns(space)
  const best = matrix(rows.rows, rows.columns, rows.values.slice())
  const least = new Float64Array(rows.rows).fill(Number.POSITIVE_INFINITY)
  ;(await predictedClasses(victim, rows)).forEach((found, row) => {
    if (found !== classOf[row]) least[row] = 0
  })
  const weights = startWeights(rows.rows, firstWeight)
  for (let search = 0; search < searches; search++) {
    const descent = startDescent(rows, space, free, options)
    const reached = new Uint8Array(rows.rows)
    for (let step = 0; step < steps; step++) {
      tellProgress(options, (search + step / steps) / searches)
      const { values, slopes } = await slopesOf(descent.moved)
      values.forEach((margin, row) => {
        if (margin >= -confidence) return
        if (step >= settled * steps) reached[row] = 1
        const distance = distanceOf('l2', rowOf(rows, row), rowOf(descent.moved, row))
        if (distance >= least[row]!) return
        least[row] = distance
        rowOf(best, row).set(rowOf(descent.moved, row))
      })
      descent.step(1 - step / steps, slopes, (row) => (values[row]! >= -confidence ? weights.now[row]! : 0))
    }
    adaptWeights(weights, reached)
  }
  tellProgress(options, 1)
  return confidence > 0 ? best : drawBack(victim, rows, best, classOf, space)
}

const startWeights = (rows: number, first: number): Weights => ({
  now: new Float64Array(rows).fill(first),
  low: new Float64Array(rows),
  high: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
})

function adaptWeights({ now, low, high }: Weights, reached: Uint8Array): void {
  reached.forEach((one, row) => {
    if (one) high[row] = now[row]!
    else low[row] = now[row]!
    now[row] = Number.isFinite(high[row]!) ? (low[row]! + high[row]!) / 2 : now[row]! * 10
  })
}

function startDescent(
  rows: Matrix,
  space: AttackSpace,
  free: Uint8Array,
  { learningRate = 0.05 }: MarginSearchOptions,
) {
  const { columns, values } = rows
  const moved = matrix(rows.rows, columns, values.slice())
  const scale = space.low.map((low, j) => {
    const half = (space.high[j]! - low) / 2
    return Number.isFinite(half) ? half : 1
  })
  const moments: Moments = {
    first: new Float64Array(values.length),
    second: new Float64Array(values.length),
    counts: new Float64Array(values.length),
  }
  return {
    moved,
    step(share: number, slopes: Float64Array, weightOf: (row: number) => number) {
      for (let row = 0; row < rows.rows; row++) {
        const weight = weightOf(row)
        for (let j = 0, at = row * columns; j < columns; j++, at++) {
          const slope = slopes[at]!
          if (!free[j] || Number.isNaN(slope)) continue
          const by = scale[j]! * (2 * (moved.values[at]! - values[at]!) + weight * slope)
          moved.values[at]! -= learningRate * share * scale[j]! * adamStep(moments, at, by)
        }
      }
      clipInto(space, free, values, moved.values)
    },
  }
}

/** The step for a slope, of length 1 at most in the long run. */
function adamStep({ first, second, counts }: Moments, at: number, slope: number): number {
  const count = ++counts[at]!
  first[at] = 0.9 * first[at]! + 0.1 * slope
  second[at] = 0.999 * second[at]! + 0.001 * slope * slope
  return first[at] / (1 - 0.9 ** count) / (Math.sqrt(second[at] / (1 - 0.999 ** count)) + 1e-8)
}

/** Halves the way between each row and the one that fools until it is as short as can be told. */
async function drawBack(
  victim: Victim,
  from: Matrix,
  to: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
): Promise<Matrix> {
  const free = freeColumns(space)
  const found = matrix(to.rows, to.columns, to.values.slice())
  const [near, far] = [new Float64Array(to.rows), new Float64Array(to.rows).fill(1)]
  for (let halving = 0; halving < halvings; halving++) {
    const middle = matrix(to.rows, to.columns)
    middle.values.forEach((_, at) => {
      const row = Math.floor(at / to.columns)
      const share = (near[row]! + far[row]!) / 2
      middle.values[at] = from.values[at]! + share * (to.values[at]! - from.values[at]!)
    })
    clipInto(space, free, from.values, middle.values)
    ;(await predictedClasses(victim, middle)).forEach((seen, row) => {
      const share = (near[row]! + far[row]!) / 2
      if (seen === classOf[row]) near[row] = share
      else {
        far[row] = share
        rowOf(found, row).set(rowOf(middle, row))
      }
    })
  }
  return found
}
