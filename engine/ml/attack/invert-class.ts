import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { type AttackSpace, clipInto, freeColumns } from './attack-space.ts'
import { gatherRows } from './gather-rows.ts'
import { chanceSlopes } from './logit-slopes.ts'
import { checkAttacked, checkFinite, type WhiteVictim } from './victim.ts'

export interface InversionOptions extends AttackHooks {
  /** Steps at most (the paper's alpha); 1000 unless told. */
  readonly steps?: number
  /** How far a step goes along the slope (lambda); 0.1 unless told. */
  readonly rate?: number
  /** Ends after so many steps without a lower cost than the highest of them (beta); 100 unless told. */
  readonly patience?: number
  /** Ends when 1 - probability is this low (gamma); 0.01 unless told. */
  readonly goal?: number
}

export interface InvertedRows {
  /** The most typical row found of each wanted class. */
  readonly rows: Matrix
  /** The model's probability of that class there. */
  readonly chances: Float64Array
}

/**
 * Model inversion (Fredrikson, Jha & Ristenpart 2015, CCS, algorithm 1, MI-Face): from a start, a blank or average row, goes
 * down the cost 1 − probability of the wanted class within the space and gives the row with the lowest cost. Ends as
 * the paper says; ART 1.20 has both conditions the other way round and goes on where it should end.
 */
export async function invertClass(
  victim: WhiteVictim,
  starts: Matrix,
  wanted: ArrayLike<number>,
  space: AttackSpace,
  options: InversionOptions = {},
): Promise<InvertedRows> {
  checkAttacked(victim, starts, wanted)
  checkFinite(starts)
  const { steps = 1_000, rate = 0.1, patience = 100, goal = 0.01 } = options
  const free = freeColumns(space)
  const best = matrix(starts.rows, starts.columns, starts.values.slice())
  const chances = new Float64Array(starts.rows).fill(Number.NEGATIVE_INFINITY)
  const costs = Array.from(wanted, (): number[] => [])
  let active = [...costs.keys()]
  let now = starts
  for (let step = 0; active.length > 0; step++) {
    tellProgress(options, step / Math.max(1, steps))
    const { values, slopes } = await chanceSlopes(
      victim,
      now,
      active.map((row) => wanted[row]!),
    )
    active.forEach((row, at) => {
      costs[row]!.push(1 - values[at]!)
      if (values[at]! <= chances[row]!) return
      chances[row] = values[at]!
      rowOf(best, row).set(rowOf(now, at))
    })
    const goes = [...active.keys()].filter((at) => step < steps && !ended(costs[active[at]!]!, patience, goal))
    now = climbed(now, slopes, rate, goes)
    active = goes.map((at) => active[at]!)
    clipInto(space, free, gatherRows(starts, active).values, now.values)
  }
  tellProgress(options, 1)
  return { rows: best, chances }
}

function ended(costs: readonly number[], patience: number, goal: number): boolean {
  const cost = costs.at(-1)!
  if (cost <= goal) return true
  return costs.length > patience && cost >= Math.max(...costs.slice(-1 - patience, -1))
}

function climbed(rows: Matrix, slopes: Float64Array, rate: number, kept: readonly number[]): Matrix {
  const next = gatherRows(rows, kept)
  kept.forEach((from, at) => {
    for (let j = 0; j < rows.columns; j++)
      next.values[at * rows.columns + j]! += rate * slopes[from * rows.columns + j]!
  })
  return next
}

/**
 * What an inverted row gives away: the cosine between it and the mean of the class's true rows, both as steps of each
 * column's standard deviation away from the mean of all rows. 1 is the class's average, 0 nothing; columns that do not
 * vary count nothing.
 */
export function inversionLikeness(
  found: Float64Array,
  rows: Matrix,
  classOf: ArrayLike<number>,
  wanted: number,
): number {
  const [means, own] = [columnMeans(rows, () => true), columnMeans(rows, (row) => classOf[row] === wanted)]
  const squares = columnMeans(rows, () => true, means)
  let [inner, one, other] = [0, 0, 0]
  for (let j = 0; j < rows.columns; j++) {
    if (!(squares[j]! > 0)) continue
    const [a, b] = [found[j]! - means[j]!, own[j]! - means[j]!]
    inner += (a * b) / squares[j]!
    one += (a * a) / squares[j]!
    other += (b * b) / squares[j]!
  }
  return inner === 0 ? 0 : inner / Math.sqrt(one * other)
}

/** Means of the columns over some rows, or of their squares away from a centre. */
function columnMeans(rows: Matrix, counts: (row: number) => boolean, centre?: Float64Array): Float64Array {
  const sums = new Float64Array(rows.columns)
  const members = Array.from({ length: rows.rows }, (_, row) => row).filter(counts)
  for (const row of members)
    rowOf(rows, row).forEach((cell, j) => {
      sums[j]! += centre ? (cell - centre[j]!) ** 2 : cell
    })
  return sums.map((sum) => sum / members.length)
}
