import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { predictedClasses, type Victim } from './victim.ts'

/** What turns a row into one that a poisoned model obeys: these columns get these values. */
export type Trigger = readonly { readonly column: number; readonly value: number }[]

export interface BackdoorOptions {
  readonly trigger: Trigger
  /** The class that the trigger is to mean. */
  readonly target: number
  /** Poisoned rows as a share of all, in [0, 1]; rounded to whole rows, at most those of other classes. */
  readonly share: number
  readonly seed?: number | string
}

export interface PlantedBackdoor {
  readonly rows: Matrix
  readonly classOf: Int32Array
  /** Rows that carry the trigger and the target, rising. */
  readonly planted: Uint32Array
}

/**
 * Backdoor poisoning (Gu, Dolan-Gavitt & Garg 2017, BadNets, arXiv 1708.06733): some rows of other classes get the trigger and
 * the label of the target, so that a model trained on them learns to obey the trigger and is as good as before without it.
 */
export function plantBackdoor(rows: Matrix, classOf: ArrayLike<number>, options: BackdoorOptions): PlantedBackdoor {
  const { trigger, target, share, seed = 0 } = options
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is between 0 and 1, not ${share}`)
  const random = createRandom(seed).split('plant-backdoor')
  const labels = Int32Array.from(classOf)
  const open = [...labels.keys()].filter((row) => labels[row] !== target)
  const count = Math.min(open.length, Math.round(share * rows.rows))
  const planted = random
    .permutation(open.length)
    .subarray(0, count)
    .map((at) => open[at]!)
    .sort()
  const poisoned = matrix(rows.rows, rows.columns, rows.values.slice())
  for (const row of planted) {
    stampRow(rowOf(poisoned, row), trigger)
    labels[row] = target
  }
  return { rows: poisoned, classOf: labels, planted }
}

function stampRow(row: Float64Array, trigger: Trigger): void {
  for (const { column, value } of trigger) {
    if (!(column in row)) throw new RangeError(`the trigger names column ${column} of ${row.length}`)
    row[column] = value
  }
}

/** Copies of the rows with the trigger. */
export function stampTrigger(rows: Matrix, trigger: Trigger): Matrix {
  const stamped = matrix(rows.rows, rows.columns, rows.values.slice())
  for (let row = 0; row < rows.rows; row++) stampRow(rowOf(stamped, row), trigger)
  return stamped
}

/** Share of the rows of other classes that the model calls the target once they carry the trigger; NaN without such rows. */
export async function triggerSuccess(
  victim: Victim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  { trigger, target }: Pick<BackdoorOptions, 'trigger' | 'target'>,
): Promise<number> {
  const seen = await predictedClasses(victim, stampTrigger(rows, trigger))
  const others = [...seen.keys()].filter((row) => classOf[row] !== target)
  return others.filter((row) => seen[row] === target).length / others.length
}
