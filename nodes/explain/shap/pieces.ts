import type { Contributions } from '#ml/explain/linear-shap'
import { type Matrix, matrix } from '#ml/matrix'

/** Names over all rows, in the order in which they come first. */
const allNames = (names: readonly (readonly string[])[]) => [...new Set(names.flat())]

/** Contributions by name: those of pieces of one name add up, and of drawn ones the squares of their errors. */
export function addUpPieces(names: readonly (readonly string[])[], rows: readonly Contributions[]): Contributions {
  const features = allNames(names)
  const place = new Map(features.map((feature, at) => [feature, at]))
  const values = new Float64Array(rows.length * features.length)
  const squares = new Float64Array(values.length)
  rows.forEach((row, at) => {
    names[at]!.forEach((name, piece) => {
      const to = at * features.length + place.get(name)!
      values[to]! += row.values[piece]!
      squares[to]! += (row.errors?.[piece] ?? 0) ** 2
    })
  })
  const drawn = rows.some(({ errors }) => errors)
  return { base: rows[0]?.base ?? 0, features, values, ...(drawn && { errors: squares.map(Math.sqrt) }) }
}

/** How often each piece of a name is in each row. */
export function countPieces(names: readonly (readonly string[])[]): Matrix {
  const features = allNames(names)
  const place = new Map(features.map((feature, at) => [feature, at]))
  const counts = matrix(names.length, features.length)
  names.forEach((own, row) => {
    for (const name of own) counts.values[row * features.length + place.get(name)!]! += 1
  })
  return counts
}
