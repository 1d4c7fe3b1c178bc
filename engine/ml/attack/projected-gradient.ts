import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import { type AttackSpace, clipInto, distanceOf, freeColumns, type Norm } from './attack-space.ts'
import { addSteps } from './fast-gradient.ts'
import { lossSlopes } from './logit-slopes.ts'
import { checkAttacked, checkFinite, checkRadius, predictedClasses, type WhiteVictim } from './victim.ts'

export interface ProjectedGradientOptions extends AttackHooks {
  /** The largest distance from the row, in the units of the columns. */
  readonly radius: number
  /** `linf` unless told. */
  readonly norm?: Norm
  /** 40 unless told. */
  readonly steps?: number
  /** A tenth of the radius unless told. */
  readonly stepLength?: number
  /** Times it begins at a random place within the radius; 0, unless told, begins once at the row itself. */
  readonly starts?: number
  readonly seed?: number | string
}

/**
 * Projected gradient ascent (Madry, Makelov, Schmidt, Tsipras & Vladu 2018, ICLR, arXiv 1706.06083): steps up the
 * cross-entropy of the row's own class, each clipped to the space and projected onto the ball around the row. Random starts
 * are even within the ball. Of several starts a row keeps the one that fools, else the one with the larger loss.
 */
export async function projectedGradient(
  victim: WhiteVictim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  options: ProjectedGradientOptions,
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  checkFinite(rows)
  checkRadius(options.radius)
  const { norm = 'linf', steps = 40, starts = 0, seed = 0 } = options
  const random = createRandom(seed).split('projected-gradient')
  const courses = Math.max(1, starts)
  const kept = matrix(rows.rows, rows.columns, rows.values.slice())
  const keptWorth = new Float64Array(rows.rows).fill(Number.NEGATIVE_INFINITY)
  for (let course = 0; course < courses; course++) {
    const begin = starts > 0 ? random.split(course) : undefined
    const onStep = (step: number) => tellProgress(options, (course + step / steps) / courses)
    keepBetter(kept, keptWorth, ...(await climb(victim, rows, classOf, space, options, begin, onStep)))
  }
  return attackOutcome(victim, rows, kept, classOf, norm)
}

/** One course: the rows at its end, and how good each is: the loss, fooled ones above all others. */
async function climb(
  victim: WhiteVictim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  { radius, norm = 'linf', steps = 40, stepLength = radius / 10 }: ProjectedGradientOptions,
  random: Random | undefined,
  onStep: (step: number) => void,
): Promise<[Matrix, Float64Array]> {
  const free = freeColumns(space)
  const moved = matrix(rows.rows, rows.columns, rows.values.slice())
  const back = () => {
    clipInto(space, free, rows.values, moved.values)
    for (let row = 0; row < rows.rows; row++) project(norm, radius, rowOf(rows, row), rowOf(moved, row))
    clipInto(space, free, rows.values, moved.values)
  }
  if (random) {
    for (let row = 0; row < rows.rows; row++) scatter(norm, radius, free, rowOf(moved, row), random.split(row))
    back()
  }
  for (let step = 0; step < steps; step++) {
    onStep(step)
    addSteps(norm, stepLength, free, moved, (await lossSlopes(victim, moved, classOf)).slopes)
    back()
  }
  onStep(steps)
  const [{ values }, classes] = [await lossSlopes(victim, moved, classOf), await predictedClasses(victim, moved)]
  return [moved, values.map((loss, row) => (classes[row] === classOf[row] ? loss : Number.MAX_VALUE))]
}

function keepBetter(kept: Matrix, keptWorth: Float64Array, found: Matrix, worth: Float64Array): void {
  worth.forEach((value, row) => {
    if (value <= keptWorth[row]!) return
    keptWorth[row] = value
    rowOf(kept, row).set(rowOf(found, row))
  })
}

/** Brings a row into the ball around another, in place. */
function project(norm: Norm, radius: number, centre: Float64Array, row: Float64Array): void {
  const distance = distanceOf(norm, centre, row)
  if (distance <= radius) return
  for (let j = 0; j < row.length; j++) {
    const gap = row[j]! - centre[j]!
    row[j] = centre[j]! + (norm === 'l2' ? (gap * radius) / distance : Math.min(radius, Math.max(-radius, gap)))
  }
}

/** Moves a row to a place drawn evenly from the ball around it. */
function scatter(norm: Norm, radius: number, free: Uint8Array, row: Float64Array, random: Random): void {
  const draw = () => (norm === 'l2' ? random.normal() : 2 * random.uniform() - 1)
  const direction = Float64Array.from(free, (one) => (one ? draw() : 0))
  const dimensions = free.reduce((sum, one) => sum + one, 0)
  const size = norm === 'l2' ? Math.hypot(...direction) / random.uniform() ** (1 / dimensions) : 1
  if (size > 0)
    direction.forEach((by, j) => {
      row[j]! += (radius * by) / size
    })
}
