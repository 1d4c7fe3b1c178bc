import { ProblemError } from '#contract'
import type { Groups } from '../fairness/protected-groups.ts'
import { solveLinearProgram } from './linear-program.ts'

/**
 * Equalised odds by changing decisions at random (Hardt, Price & Srebro 2016, NIPS 29, 4.1): the linear program over
 * P(new = 1 | decision, group) with equal true and false positive rates in all groups and the least expected loss. The
 * loss weighs each error by how many people it meets, as in the paper; aif360's objective leaves the base rates out and
 * so may end in another corner of the same region. Any number of groups.
 */
export interface OddsPolicy {
  readonly group: string
  /** Probability of a favourable decision where the old one was unfavourable, and where it was favourable. */
  readonly chances: readonly [number, number]
}

export interface EqualisedOdds {
  readonly policies: readonly OddsPolicy[]
  /** Expected cost of a person's decision. */
  readonly loss: number
}

export interface ErrorCosts {
  readonly falsePositive: number
  readonly falseNegative: number
}

/** Old decisions and actual outcomes, 1 = favourable; each error costs 1 unless given. */
export function equaliseOdds(
  decisions: Uint8Array,
  actual: Uint8Array,
  groups: Groups,
  costs: ErrorCosts = { falsePositive: 1, falseNegative: 1 },
): EqualisedOdds {
  const cells = countCells(decisions, actual, groups)
  const n = decisions.length
  const size = 2 * cells.length
  // chances are at 2 x group + old decision
  const rate = (group: number, outcome: number, decision: number) =>
    cells[group]![2 * outcome + decision]! / (cells[group]![2 * outcome]! + cells[group]![2 * outcome + 1]!)
  const loss = Float64Array.from({ length: size }, (_, at) => {
    const cell = cells[at >> 1]!
    return (costs.falsePositive * cell[at % 2]! - costs.falseNegative * cell[2 + (at % 2)]!) / n
  })
  const equal = cells.slice(1).flatMap((_, index) =>
    [0, 1].map((outcome) => {
      const row = new Float64Array(size)
      for (const decision of [0, 1]) {
        row[decision] = rate(0, outcome, decision)
        row[2 * (index + 1) + decision] = -rate(index + 1, outcome, decision)
      }
      return { row, value: 0 }
    }),
  )
  const atMost = Array.from({ length: size }, (_, at) => {
    const row = new Float64Array(size)
    row[at] = 1
    return { row, bound: 1 }
  })
  const solution = solveLinearProgram({ costs: loss, atMost, equal })!
  const missed = (costs.falseNegative * actual.reduce((sum, value) => sum + value, 0)) / n
  const chance = (at: number) => Math.min(1, Math.max(0, solution.x[at]!))
  const policies = groups.names.map((group, index) => ({
    group,
    chances: [chance(2 * index), chance(2 * index + 1)] as const,
  }))
  return { policies, loss: solution.value + missed }
}

/** Rows by group, at 2 x actual + decision. */
function countCells(decisions: Uint8Array, actual: Uint8Array, groups: Groups): readonly Float64Array[] {
  const cells = groups.names.map(() => new Float64Array(4))
  decisions.forEach((decision, row) => {
    cells[groups.codes[row]!]![2 * actual[row]! + decision]!++
  })
  cells.forEach((cell, group) => {
    if (cell[0]! + cell[1]! > 0 && cell[2]! + cell[3]! > 0) return
    throw new ProblemError({
      code: 'rows-missing',
      message: `The group ${groups.names[group]} has only one outcome, so its error rates can not be equalised.`,
      fix: 'Leave this group out, join it with another, or use more rows.',
    })
  })
  return cells
}
