import { ProblemError } from '#contract'
import { rowsAtOnce } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'

type Answer = Float64Array | PromiseLike<Float64Array>

/** A classifier as an attacker sees it who may only ask. Never asked for no rows. */
export interface Victim {
  readonly classes: number
  /** Probability of each class, row-major rows x classes. */
  predict(rows: Matrix): Answer
}

/** A classifier whose inside is known: probabilities are the softmax of its logits. */
export interface WhiteVictim extends Victim {
  /** Row-major rows x classes. */
  logits(rows: Matrix): Answer
  /** Slope of Σ_k weights[row, k] logit_k by every cell, row-major as the rows are; `weights` are rows x classes. */
  slopes(rows: Matrix, weights: Float64Array): Answer
}

/** A model that gives one score in [0, 1] a row, for class 1. */
export const binaryVictim = (score: (rows: Matrix) => Answer): Victim => ({
  classes: 2,
  async predict(rows) {
    const scores = await score(rows)
    return Float64Array.from({ length: 2 * scores.length }, (_, at) => {
      const yes = scores[at >> 1]!
      return at % 2 === 1 ? yes : 1 - yes
    })
  },
})

/** Rows `from` to `from + count`, as a view. */
export const rowsFrom = ({ columns, values }: Matrix, from: number, count: number): Matrix =>
  matrix(count, columns, values.subarray(from * columns, (from + count) * columns))

/** `width` numbers a row from a question that is put for a part of the rows at a time. */
export async function askInParts(
  rows: Matrix,
  width: number,
  ask: (part: Matrix, from: number) => Answer,
): Promise<Float64Array> {
  const answers = new Float64Array(rows.rows * width)
  for (let from = 0; from < rows.rows; from += rowsAtOnce) {
    const part = rowsFrom(rows, from, Math.min(rowsAtOnce, rows.rows - from))
    const answer = await ask(part, from)
    if (answer.length !== part.rows * width)
      throw new RangeError(`the model gave ${answer.length} numbers for ${part.rows} rows of ${width}`)
    answers.set(answer, from * width)
  }
  if (answers.some(Number.isNaN)) throw unanswered()
  return answers
}

const unanswered = () =>
  new ProblemError({
    code: 'data-bad',
    message: 'The model under attack gave an answer that is not a number.',
    fix: 'Fill in missing numbers first, or attack a model that takes them',
  })

/** Probabilities of all rows. */
export const predictAll = (victim: Victim, rows: Matrix): Promise<Float64Array> =>
  askInParts(rows, victim.classes, (part) => victim.predict(part))

/** The class with the highest probability; of equals the first. */
export function likeliest(probabilities: Float64Array, classes: number): Int32Array {
  const best = new Int32Array(probabilities.length / classes)
  for (let row = 0, from = 0; row < best.length; row++, from += classes)
    for (let k = 1; k < classes; k++) if (probabilities[from + k]! > probabilities[from + best[row]!]!) best[row] = k
  return best
}

export const predictedClasses = async (victim: Victim, rows: Matrix): Promise<Int32Array> =>
  likeliest(await predictAll(victim, rows), victim.classes)

/** Refuses rows, classes or numbers that an attack can't start from. */
export function checkAttacked(victim: Victim, rows: Matrix, classOf: ArrayLike<number>): void {
  if (!(victim.classes >= 2)) throw new RangeError('a model of fewer than two classes can not be fooled')
  if (classOf.length !== rows.rows) throw new RangeError(`${classOf.length} classes for ${rows.rows} rows`)
  const odd = Array.from(classOf).find((k) => !Number.isInteger(k) || k < 0 || k >= victim.classes)
  if (odd !== undefined) throw new RangeError(`there is no class ${odd} of ${victim.classes}`)
}

/** Refuses a distance that is none. */
export function checkRadius(radius: number): void {
  if (!(radius >= 0)) throw new RangeError(`a radius is 0 or more, not ${radius}`)
}

/** Refuses missing and infinite cells, from which no slope leads anywhere. */
export function checkFinite(rows: Matrix): void {
  const at = rows.values.findIndex((cell) => !Number.isFinite(cell))
  if (at < 0) return
  const row = Math.floor(at / rows.columns)
  throw new ProblemError({
    code: 'data-bad',
    message: `Row ${row + 1} has a missing or infinite number in column ${(at % rows.columns) + 1}.`,
    fix: 'Fill in missing numbers before the attack',
    rows: [row],
  })
}
