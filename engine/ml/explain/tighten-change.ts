import {
  admit,
  type ChangeRule,
  type Counterfactual,
  changedColumns,
  describeChange,
  shortage,
  stack,
  type WantedScore,
} from './change-rules.ts'
import { type ScoreRows, scoreAll } from './score-rows.ts'

/** Points tried on the way back. */
const pointsBack = 32

/**
 * Makes a change smaller while the score stays wanted: takes columns back one by one, the least changed first (the
 * second half of Growing Spheres, Laugel et al. 2018), then every number as far back as it goes, the costliest first.
 */
export async function tightenChange(
  score: ScoreRows,
  rules: readonly ChangeRule[],
  from: Float64Array,
  found: Float64Array,
  wanted: WantedScore,
): Promise<Counterfactual> {
  let row = found
  const steps = (column: number) =>
    rules[column]!.levels ? 1 : Math.abs(row[column]! - from[column]!) / rules[column]!.scale
  const changed = changedColumns(from, row)
  const reaches = async (candidates: readonly Float64Array[]) => {
    const scores = await scoreAll(score, stack(candidates))
    return candidates.find((_, at) => shortage(wanted, scores[at]!) === 0)
  }
  for (const column of changed.toSorted((a, b) => steps(a) - steps(b))) {
    const without = row.slice()
    without[column] = from[column]!
    row = (await reaches([without])) ?? row
  }
  const numbers = changed.filter((column) => !rules[column]!.levels && row[column] !== from[column])
  for (const column of numbers.toSorted((a, b) => steps(b) - steps(a))) {
    const points = Array.from({ length: pointsBack }, (_, k) => {
      const point = row.slice()
      const back = from[column]! + ((row[column]! - from[column]!) * (k + 1)) / (pointsBack + 1)
      point[column] = admit(rules[column]!, from[column]!, back)
      return point
    })
    row = (await reaches(points)) ?? row
  }
  return describeChange(rules, from, row, (await scoreAll(score, stack([row])))[0]!)
}
