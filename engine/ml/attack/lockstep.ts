import { rowOf, rowsAtOnce } from '../explain/score-rows.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { predictAll, type Victim } from './victim.ts'

/**
 * An attack on one row: hands out rows that it wants scored and is given their probabilities, rows x classes, until it
 * returns what it found.
 */
export type RowAttack<Found> = Generator<Matrix, Found, Float64Array>

/** Runs many attacks side by side, so that a model answers the questions of all of them at once. */
export async function runLockstep<Found>(
  victim: Victim,
  attacks: readonly RowAttack<Found>[],
  hooks: AttackHooks,
): Promise<Found[]> {
  const found: Found[] = []
  const waiting = new Map<number, Matrix>()
  const take = (at: number, { done, value }: IteratorResult<Matrix, Found>) => {
    if (done) {
      found[at] = value
      waiting.delete(at)
    } else waiting.set(at, value)
  }
  attacks.forEach((attack, at) => {
    take(at, attack.next())
  })
  while (waiting.size > 0) {
    tellProgress(hooks, 1 - waiting.size / attacks.length)
    for (const group of groups([...waiting])) {
      const answers = await predictAll(victim, joined(group.map(([, rows]) => rows)))
      let from = 0
      for (const [at, { rows }] of group) {
        const own = answers.slice(from * victim.classes, (from + rows) * victim.classes)
        from += rows
        take(at, attacks[at]!.next(own))
      }
    }
  }
  tellProgress(hooks, 1)
  return found
}

/** Questions in lists of a size that a model is asked at once. */
function groups(waiting: readonly (readonly [number, Matrix])[]): (readonly [number, Matrix])[][] {
  const lists: (readonly [number, Matrix])[][] = [[]]
  let rows = 0
  for (const question of waiting) {
    if (rows + question[1].rows > rowsAtOnce && rows > 0) {
      lists.push([])
      rows = 0
    }
    lists.at(-1)!.push(question)
    rows += question[1].rows
  }
  return lists
}

function joined(parts: readonly Matrix[]): Matrix {
  const all = matrix(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    parts[0]!.columns,
  )
  let at = 0
  for (const part of parts) for (let row = 0; row < part.rows; row++, at++) rowOf(all, at).set(rowOf(part, row))
  return all
}
