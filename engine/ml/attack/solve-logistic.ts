import { ProblemError } from '#contract'
import { rowOf } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { LinearClassifier } from './linear-victim.ts'
import { predictAll, type Victim } from './victim.ts'

/**
 * Extraction by solving equations (Tramèr, Zhang, Juels, Reiter & Ristenpart 2016, USENIX Security, arXiv 1609.02943): the
 * logarithms of a logistic regression's odds are linear, so the answers at `base` and one `step` away along each column, columns
 * + 1 questions, give its coefficients exactly (softmax ones less those of class 0). Of any other model it gives the tangent
 * in that corner: judge it by `copyAgreement`. Answers of exactly 0 or 1 are refused; rounded answers give rounded coefficients.
 */
export async function solveLogistic(
  victim: Victim,
  base: Float64Array,
  steps: Float64Array,
): Promise<LinearClassifier> {
  const { classes } = victim
  const columns = base.length
  if (steps.length !== columns || steps.some((step) => !(Math.abs(step) > 0)))
    throw new RangeError('a step other than 0 is needed for each column')
  const chances = await predictAll(victim, questions(base, steps))
  if (chances.some((chance) => !(chance > 0 && chance < 1))) throw saturated()
  const odds = (question: number, k: number) =>
    Math.log(chances[question * classes + k]! / chances[question * classes]!)
  const sets = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k)
  const coefficients = sets.map((k) => steps.map((step, j) => (odds(1 + j, k) - odds(0, k)) / step))
  const intercepts = sets.map((k, set) =>
    coefficients[set]!.reduce((sum, slope, j) => sum - slope * base[j]!, odds(0, k)),
  )
  return { classes, intercepts, coefficients }
}

function questions(base: Float64Array, steps: Float64Array): Matrix {
  const rows = matrix(1 + base.length, base.length)
  for (let row = 0; row < rows.rows; row++) {
    const own = rowOf(rows, row)
    own.set(base)
    if (row > 0) own[row - 1]! += steps[row - 1]!
  }
  return rows
}

const saturated = () =>
  new ProblemError({
    code: 'data-bad',
    message: 'The model answers with a probability of exactly 0 or 1 where it was asked, which has no odds.',
    fix: 'Ask around a row the model is less sure of, with smaller steps',
  })
