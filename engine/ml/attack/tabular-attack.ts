import { admit, type ChangeRule, changeCost, changedColumns, sameCell, stack } from '../explain/change-rules.ts'
import { rowOf } from '../explain/score-rows.ts'
import { tightenChange } from '../explain/tighten-change.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import { type RowAttack, runLockstep } from './lockstep.ts'
import { rival } from './logit-slopes.ts'
import { checkAttacked, predictedClasses, type Victim } from './victim.ts'

export interface TabularAttackOptions extends AttackHooks {
  /** Columns of a row changed at most; all unless told. */
  readonly mostColumns?: number
  /** What the changes of a row may cost, in steps of each column's scale, a category counting 1; any unless told. */
  readonly mostCost?: number
  readonly seed?: number | string
}

/** Steps of a number that are tried either way, in its scale. */
const strides = [0.125, 0.25, 0.5, 1, 2, 4, 8]

/** Rows of another class to borrow cells from, and how often each is tried. */
const lenders = 20
const loans = 5

interface Course {
  readonly classes: number
  readonly rules: readonly ChangeRule[]
  readonly from: Float64Array
  readonly own: number
  readonly most: { readonly columns: number; readonly cost: number }
  readonly random: Random
}

/**
 * An attack on tables through the model's probabilities alone, every row it asks about being one that could occur: ranges,
 * whole numbers, levels, directions and immutable columns of the rules hold; missing cells stay. Greedy (as Yang, Chen,
 * Hsieh, Wang & Jordan 2020, JMLR 21:43, do on texts): of all changes of one more column the one after which the row's
 * class leads least. Where none helps, as on the flat steps of a tree, it borrows cells from `others` of another class.
 * What fools is then made as small as it goes on fooling. Distances are costs of change.
 */
export async function tabularAttack(
  victim: Victim,
  rules: readonly ChangeRule[],
  rows: Matrix,
  classOf: ArrayLike<number>,
  others: Matrix,
  options: TabularAttackOptions = {},
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  const { mostColumns = rules.length, mostCost = Number.POSITIVE_INFINITY, seed = 0 } = options
  const random = createRandom(seed).split('tabular-attack')
  const otherClasses = await predictedClasses(victim, others)
  const courses = Array.from({ length: rows.rows }, (_, row): Course => {
    const most = { columns: mostColumns, cost: mostCost }
    const [from, own] = [rowOf(rows, row), classOf[row]!]
    return { classes: victim.classes, rules, from, own, most, random: random.split(row) }
  })
  const attacks = courses.map((course) => attackRow(course, others, otherClasses))
  const moved = matrix(rows.rows, rows.columns, rows.values.slice())
  for (const [row, found] of (await runLockstep(victim, attacks, options)).entries()) {
    tellProgress(options, 1)
    if (found) rowOf(moved, row).set(await tightened(victim, courses[row]!, found))
  }
  return attackOutcome(victim, rows, moved, classOf, (from, to) => changeCost(rules, from, to))
}

async function tightened(victim: Victim, { rules, from, own }: Course, found: Float64Array): Promise<Float64Array> {
  const fools = async (rows: Matrix) =>
    Float64Array.from(await predictedClasses(victim, rows), (seen) => (seen === own ? 0 : 1))
  return (await tightenChange(fools, rules, from, found, { atLeast: 1 })).row
}

function* attackRow(course: Course, others: Matrix, classes: Int32Array): RowAttack<Float64Array | undefined> {
  const start = leads(course, yield stack([course.from]))
  if (fools(course, start[0]!)) return undefined
  return (yield* greedy(course, start[0]!.lead)) ?? (yield* borrow(course, others, classes))
}

interface Standing {
  /** By how much the probability of the row's class is above the largest other. */
  readonly lead: number
  readonly rival: number
}

function leads({ classes, own }: Course, chances: Float64Array): Standing[] {
  return Array.from({ length: chances.length / classes }, (_, at) => {
    const scores = chances.subarray(at * classes, (at + 1) * classes)
    const other = rival(scores, own)
    return { lead: scores[own]! - scores[other]!, rival: other }
  })
}

/** Of equal probabilities a model takes the first class. */
const fools = ({ own }: Course, { lead, rival }: Standing) => lead < 0 || (lead === 0 && rival < own)

function* greedy(course: Course, lead: number): RowAttack<Float64Array | undefined> {
  let [now, least] = [course.from, lead]
  for (let round = 0; round < 2 * course.rules.length; round++) {
    const candidates = nextRows(course, now)
    if (candidates.length === 0) return undefined
    const standings = leads(course, yield stack(candidates))
    const cheapest = cheapestFooling(course, candidates, standings)
    if (cheapest) return cheapest
    const best = standings.reduce((a, { lead: b }, at) => (b < standings[a]!.lead ? at : a), 0)
    if (standings[best]!.lead >= least) return undefined
    ;[now, least] = [candidates[best]!, standings[best]!.lead]
  }
  return undefined
}

function cheapestFooling(course: Course, candidates: readonly Float64Array[], standings: readonly Standing[]) {
  const cost = (row: Float64Array) => changeCost(course.rules, course.from, row)
  return candidates.filter((_, at) => fools(course, standings[at]!)).toSorted((a, b) => cost(a) - cost(b))[0]
}

/** Rows with one more column changed, or a changed one changed again. */
function nextRows({ rules, from, most }: Course, now: Float64Array): Float64Array[] {
  const changed = changedColumns(from, now)
  const open = changed.length < most.columns ? [...rules.keys()] : changed
  return open
    .flatMap((j) => {
      const values = new Set(proposals(rules[j]!, now[j]!).map((value) => admit(rules[j]!, from[j]!, value)))
      return [...values].filter((value) => !sameCell(value, now[j]!)).map((value) => now.with(j, value))
    })
    .filter((row) => changeCost(rules, from, row) <= most.cost)
}

function proposals({ levels, low, high, scale }: ChangeRule, now: number): readonly number[] {
  return levels ?? [low, high, ...strides.flatMap((stride) => [now - stride * scale, now + stride * scale])]
}

/** The cheapest row that fools with cells of rows of another class: all that may change, then random parts of them. */
function* borrow(course: Course, others: Matrix, classes: Int32Array): RowAttack<Float64Array | undefined> {
  const { rules, from, own, most, random } = course
  const near = [...classes.keys()]
    .filter((row) => classes[row] !== own)
    .map((row) => rowOf(others, row).map((cell, j) => admit(rules[j]!, from[j]!, cell)))
    .sort((a, b) => changeCost(rules, from, a) - changeCost(rules, from, b))
    .slice(0, lenders)
  const parts = near.flatMap((row) => [
    row,
    ...Array.from({ length: loans }, () => {
      const kept = new Set(
        random.permutation(row.length).subarray(0, 1 + random.integer(Math.max(1, Math.min(most.columns, row.length)))),
      )
      return row.map((cell, j) => (kept.has(j) ? cell : from[j]!))
    }),
  ])
  const candidates = parts.filter((row) => {
    const changes = changedColumns(from, row).length
    return changes > 0 && changes <= most.columns && changeCost(rules, from, row) <= most.cost
  })
  if (candidates.length === 0) return undefined
  return cheapestFooling(course, candidates, leads(course, yield stack(candidates)))
}
