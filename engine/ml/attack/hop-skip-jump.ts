import { stack } from '../explain/change-rules.ts'
import { rowOf } from '../explain/score-rows.ts'
import { dot } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import type { AttackHooks } from './attack-hooks.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import { type AttackSpace, clipInto, distanceOf, freeColumns, type Norm } from './attack-space.ts'
import { type RowAttack, runLockstep } from './lockstep.ts'
import { checkAttacked, checkFinite, likeliest, predictedClasses, type Victim } from './victim.ts'

export interface HopSkipJumpOptions extends AttackHooks {
  /** `l2` unless told. */
  readonly norm?: Norm
  /** Rounds; 20 unless told. */
  readonly rounds?: number
  /** Questions for the direction in the first round, growing by the root of the round; 100 unless told. */
  readonly firstQueries?: number
  /** At most so many; 1000 unless told. */
  readonly mostQueries?: number
  readonly seed?: number | string
}

/** Rows of another class that are tried as a start, the nearest first. */
const startsTried = 50

/** What is fixed while one row is attacked. */
interface Course {
  readonly from: Float64Array
  readonly own: number
  readonly classes: number
  readonly space: AttackSpace
  readonly free: Uint8Array
  readonly norm: Norm
  readonly random: Random
}

/**
 * HopSkipJump (Chen, Jordan & Wainwright 2020, IEEE S&P, arXiv 1904.02144): needs the predicted class only. Walks along the
 * boundary: feels its direction from the classes of points around, jumps away by distance / √round (halved until the class
 * is still another) and comes back to the boundary by bisection. `others` are rows to start from: random starts fail on most
 * tables, so it takes the nearest of them with another class, its frozen columns set to the row's. Where no start fools
 * the row is given back. Misclassified rows stay.
 */
export async function hopSkipJump(
  victim: Victim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  others: Matrix,
  options: HopSkipJumpOptions = {},
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  checkFinite(rows)
  checkFinite(others)
  const { norm = 'l2', seed = 0 } = options
  const random = createRandom(seed).split('hop-skip-jump')
  const free = freeColumns(space)
  const otherClasses = await predictedClasses(victim, others)
  const attacks = Array.from({ length: rows.rows }, (_, row) => {
    const own = classOf[row]!
    const from = rowOf(rows, row)
    const course = { from, own, classes: victim.classes, space, free, norm, random: random.split(row) }
    return hop(course, nearestStarts(course, others, otherClasses), options)
  })
  const moved = matrix(rows.rows, rows.columns)
  ;(await runLockstep(victim, attacks, options)).forEach((found, row) => {
    rowOf(moved, row).set(found)
  })
  return attackOutcome(victim, rows, moved, classOf, norm)
}

/** The nearest rows of another class, brought into the space. */
function nearestStarts({ from, own, space, free, norm }: Course, others: Matrix, classes: Int32Array): Matrix {
  const near = [...classes.keys()]
    .filter((row) => classes[row] !== own)
    .map((row) => {
      const start = rowOf(others, row).slice()
      clipInto(space, free, from, start)
      return { start, distance: distanceOf(norm, from, start) }
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, startsTried)
  return stack([from, ...near.map(({ start }) => start)])
}

const fools = ({ own, classes }: Course, chances: Float64Array) =>
  Uint8Array.from(likeliest(chances, classes), (seen) => (seen === own ? 0 : 1))

function* hop(course: Course, starts: Matrix, options: HopSkipJumpOptions): RowAttack<Float64Array> {
  const { from, norm, free } = course
  const { rounds = 20, firstQueries = 100, mostQueries = 1_000 } = options
  const first = fools(course, yield starts).indexOf(1)
  if (first <= 0) return from
  const dimensions = free.reduce((sum, one) => sum + one, 0)
  const precision = dimensions ** (norm === 'l2' ? -1.5 : -2)
  let now = yield* toBoundary(course, rowOf(starts, first), precision)
  let best = now
  for (let round = 1; round <= rounds; round++) {
    const distance = distanceOf(norm, from, now)
    if (distance === 0) break
    const queries = Math.ceil(Math.min(firstQueries * Math.sqrt(round), mostQueries))
    const away = yield* feelDirection(course, now, distance / Math.max(dimensions, 10), queries)
    const jumped = yield* jump(course, now, away, distance / Math.sqrt(round))
    if (!jumped) continue
    now = yield* toBoundary(course, jumped, precision)
    if (distanceOf(norm, from, now) < distanceOf(norm, from, best)) best = now
  }
  return yield* toBoundary(course, best, 1e-6)
}

/**
 * The nearest point to the row on the way to `far` that still fools: on the straight line for L2; for the largest change,
 * `far` cut to a cube around the row.
 */
function* toBoundary(course: Course, far: Float64Array, precision: number): RowAttack<Float64Array> {
  const { from, norm, space, free } = course
  const reach = distanceOf(norm, from, far)
  const at = (share: number) => {
    const point = far.map((to, j) => {
      const gap = to - from[j]!
      return from[j]! + (norm === 'l2' ? share * gap : Math.min(share * reach, Math.max(-share * reach, gap)))
    })
    clipInto(space, free, from, point)
    return point
  }
  let [low, high, found] = [0, 1, far]
  while (high - low > precision) {
    const middle = (low + high) / 2
    const point = at(middle)
    if (fools(course, yield stack([point]))[0]) [high, found] = [middle, point]
    else low = middle
  }
  return found
}

/** A Monte Carlo estimate of the direction in which points fool more often; variance reduced by the mean answer. */
function* feelDirection(course: Course, now: Float64Array, radius: number, queries: number): RowAttack<Float64Array> {
  const points = scatterAround(course, now, radius, queries)
  const answers = fools(course, yield points)
  const mean = answers.reduce((sum, one) => sum + 2 * one - 1, 0) / queries
  const direction = new Float64Array(now.length)
  for (let k = 0, at = 0; k < queries; k++) {
    const weight = Math.abs(mean) === 1 ? mean : 2 * answers[k]! - 1 - mean
    for (let j = 0; j < now.length; j++, at++) direction[j]! += weight * (points.values[at]! - now[j]!)
  }
  const length = course.norm === 'l2' ? Math.sqrt(dot(direction, direction)) : 1
  return direction.map((by) => (course.norm === 'l2' ? by / (length || 1) : Math.sign(by)))
}

/** Points at this distance in random directions, as far as the space goes. */
function scatterAround(
  { norm, random, free, space }: Course,
  now: Float64Array,
  radius: number,
  count: number,
): Matrix {
  const points = matrix(count, now.length)
  for (let k = 0; k < count; k++) {
    const point = rowOf(points, k)
    for (let j = 0; j < point.length; j++)
      if (free[j]) point[j] = norm === 'l2' ? random.normal() : 2 * random.uniform() - 1
    const scale = radius / (Math.sqrt(dot(point, point)) || 1)
    for (let j = 0; j < point.length; j++) point[j] = now[j]! + scale * point[j]!
    clipInto(space, free, now, point)
  }
  return points
}

/** The farthest of steps halved again and again after which the class is another one; undefined when none is. */
function* jump(
  course: Course,
  now: Float64Array,
  away: Float64Array,
  longest: number,
): RowAttack<Float64Array | undefined> {
  const { space, free } = course
  for (let length = longest, halvings = 0; halvings < 30; length /= 2, halvings++) {
    const point = now.map((cell, j) => cell + length * away[j]!)
    clipInto(space, free, now, point)
    if (fools(course, yield stack([point]))[0]) return point
  }
  return undefined
}
