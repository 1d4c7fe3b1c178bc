import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import { type AttackSpace, freeColumns } from './attack-space.ts'
import { type RowSlopes, rival } from './logit-slopes.ts'
import { type MarginSearchOptions, searchMargins } from './margin-search.ts'
import { checkAttacked, checkFinite, predictAll, rowsFrom, type Victim } from './victim.ts'

export interface ZerothOrderOptions extends MarginSearchOptions {
  /** Columns of a row that are felt and moved in one step, drawn anew each step; 128 unless told. */
  readonly columnsAtOnce?: number
  /** How far a cell is moved to feel a slope, in halves of the column's range; 0.0001 unless told. */
  readonly reach?: number
  readonly seed?: number | string
}

/** Cells of made-up rows at once. */
const cellsAtOnce = 4_000_000

/** Keeps the logarithm of a probability of 0 finite (the paper's 1e-30). */
const floor = 1e-30

/**
 * Zeroth-order optimisation, ZOO (Chen, Zhang, Sharma, Yi & Hsieh 2017, AISec, arXiv 1708.03999): Carlini & Wagner's search
 * with the slope of log p_own − max log p_other felt by central differences on some columns at a time, each with its own
 * Adam. For a table there is no image to resize and no importance sampling. Steps of a tree are flat between their edges:
 * there a small `reach` feels nothing; take `hopSkipJump` or a larger reach. Asks 1 + 2 · columns questions a step and row.
 */
export async function zerothOrder(
  victim: Victim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  options: ZerothOrderOptions = {},
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  checkFinite(rows)
  const { columnsAtOnce = 128, seed = 0, onProgress } = options
  const random = createRandom(seed).split('zeroth-order')
  const felt = Math.max(1, Math.min(columnsAtOnce, rows.columns))
  const block = Math.max(1, Math.floor(cellsAtOnce / (rows.columns * (1 + 2 * felt)) || 1))
  const found = matrix(rows.rows, rows.columns)
  for (let from = 0; from < rows.rows; from += block) {
    const count = Math.min(block, rows.rows - from)
    const classes = Array.from({ length: count }, (_, row) => classOf[from + row]!)
    const draws = classes.map((_, row) => random.split(from + row))
    const slopesOf = (moved: Matrix) => feelSlopes(victim, moved, classes, space, felt, draws, options.reach)
    const told = (fraction: number) => onProgress?.((from + fraction * count) / rows.rows)
    const part = rowsFrom(rows, from, count)
    const answer = await searchMargins(victim, part, classes, space, slopesOf, { ...options, onProgress: told })
    found.values.set(answer.values, from * rows.columns)
  }
  return attackOutcome(victim, rows, found, classOf, 'l2')
}

/** Margins, and slopes of a few columns of each row; the others are NaN. */
async function feelSlopes(
  victim: Victim,
  rows: Matrix,
  classOf: readonly number[],
  space: AttackSpace,
  felt: number,
  draws: readonly Random[],
  reach = 1e-4,
): Promise<RowSlopes> {
  const free = [...freeColumns(space).entries()].filter(([, one]) => one).map(([j]) => j)
  const each = Math.min(felt, free.length)
  const chosen = draws.map((random) => (each === free.length ? free : pick(free, each, random)))
  const points = matrix(rows.rows * (1 + 2 * each), rows.columns)
  const gaps = new Float64Array(rows.rows * each)
  for (let row = 0; row < rows.rows; row++) {
    const first = row * (1 + 2 * each)
    for (let k = 0; k <= 2 * each; k++) rowOf(points, first + k).set(rowOf(rows, row))
    chosen[row]!.forEach((j, k) => {
      const half = (space.high[j]! - space.low[j]!) / 2
      const by = reach * (Number.isFinite(half) ? half : 1)
      const now = rows.values[row * rows.columns + j]!
      const [up, down] = [Math.min(space.high[j]!, now + by), Math.max(space.low[j]!, now - by)]
      points.values[(first + 1 + 2 * k) * rows.columns + j] = up
      points.values[(first + 2 + 2 * k) * rows.columns + j] = down
      gaps[row * each + k] = up - down
    })
  }
  const chances = await predictAll(victim, points)
  const marginAt = (point: number, own: number) => {
    const logs = chances.subarray(point * victim.classes, (point + 1) * victim.classes).map((p) => Math.log(p + floor))
    return logs[own]! - logs[rival(logs, own)]!
  }
  const slopes = new Float64Array(rows.values.length).fill(Number.NaN)
  const values = Float64Array.from(classOf, (own, row) => {
    const first = row * (1 + 2 * each)
    chosen[row]!.forEach((j, k) => {
      const change = marginAt(first + 1 + 2 * k, own) - marginAt(first + 2 + 2 * k, own)
      slopes[row * rows.columns + j] = change / gaps[row * each + k]!
    })
    return marginAt(first, own)
  })
  return { values, slopes }
}

/** Some of the columns, in random order. */
function pick(columns: readonly number[], count: number, random: Random): readonly number[] {
  return [...random.permutation(columns.length).subarray(0, count)].map((at) => columns[at]!)
}
