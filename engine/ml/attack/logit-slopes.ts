import type { Matrix } from '../matrix.ts'
import { askInParts, type WhiteVictim } from './victim.ts'

/** A number a row and its slope by every cell. */
export interface RowSlopes {
  readonly values: Float64Array
  /** Row-major as the rows are. */
  readonly slopes: Float64Array
}

/** Writes the weights of the logits of one row and gives the row's value. */
type Rule = (logits: Float64Array, own: number, weights: Float64Array) => number

/** Value and slope of a function of the logits. */
async function slopesBy(victim: WhiteVictim, rows: Matrix, classOf: ArrayLike<number>, rule: Rule): Promise<RowSlopes> {
  const { classes } = victim
  const values = new Float64Array(rows.rows)
  const slopes = await askInParts(rows, rows.columns, async (part, from) => {
    const logits = await victim.logits(part)
    const weights = new Float64Array(part.rows * classes)
    for (let row = 0; row < part.rows; row++) {
      const [start, end] = [row * classes, (row + 1) * classes]
      values[from + row] = rule(logits.subarray(start, end), classOf[from + row]!, weights.subarray(start, end))
    }
    return victim.slopes(part, weights)
  })
  return { values, slopes }
}

/** Cross-entropy, −log softmax of the row's class. */
export const lossSlopes = (victim: WhiteVictim, rows: Matrix, classOf: ArrayLike<number>): Promise<RowSlopes> =>
  slopesBy(victim, rows, classOf, (logits, own, weights) => {
    const log = logSum(logits)
    logits.forEach((logit, k) => {
      weights[k] = Math.exp(logit - log)
    })
    weights[own]! -= 1
    return log - logits[own]!
  })

/** By how much the logit of the row's class is above the largest other: below 0 the model is fooled. */
export const marginSlopes = (victim: WhiteVictim, rows: Matrix, classOf: ArrayLike<number>): Promise<RowSlopes> =>
  slopesBy(victim, rows, classOf, (logits, own, weights) => {
    const other = rival(logits, own)
    weights[own] = 1
    weights[other] = -1
    return logits[own]! - logits[other]!
  })

/** Probability of the row's class. */
export const chanceSlopes = (victim: WhiteVictim, rows: Matrix, classOf: ArrayLike<number>): Promise<RowSlopes> =>
  slopesBy(victim, rows, classOf, (logits, own, weights) => {
    const log = logSum(logits)
    const chance = Math.exp(logits[own]! - log)
    logits.forEach((logit, k) => {
      weights[k] = chance * ((k === own ? 1 : 0) - Math.exp(logit - log))
    })
    return chance
  })

/** The class other than `own` with the largest value; of equals the first. */
export function rival(values: Float64Array, own: number): number {
  let best = own === 0 ? 1 : 0
  for (let k = best + 1; k < values.length; k++) if (k !== own && values[k]! > values[best]!) best = k
  return best
}

function logSum(logits: Float64Array): number {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0))
}
