import type { Groups } from '../fairness/protected-groups.ts'

/**
 * Reweighing (Kamiran & Calders 2012, Knowledge and Information Systems 33:1): each row counts
 * P(group) P(outcome) / P(group, outcome), so that group and outcome are independent in the weighted rows. Equal to
 * aif360's `Reweighing`, for any number of groups; a given weight is multiplied. The weights keep their sum where every
 * group has both outcomes.
 */
export function reweigh(groups: Groups, favourable: Uint8Array, weights?: Float64Array): Float64Array {
  const { codes, names } = groups
  const cells = new Float64Array(2 * names.length)
  for (let row = 0; row < codes.length; row++) cells[2 * codes[row]! + favourable[row]!]! += weights ? weights[row]! : 1
  const outcomes = [0, 0]
  cells.forEach((weight, cell) => {
    outcomes[cell % 2]! += weight
  })
  const total = outcomes[0]! + outcomes[1]!
  const factors = cells.map((weight, cell) => {
    const group = cells[cell - (cell % 2)]! + cells[cell - (cell % 2) + 1]!
    return weight > 0 ? (group * outcomes[cell % 2]!) / (total * weight) : 0
  })
  return Float64Array.from(codes, (code, row) => factors[2 * code + favourable[row]!]! * (weights ? weights[row]! : 1))
}
