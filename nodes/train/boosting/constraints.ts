import { type Column, ProblemError } from '#contract'
import type { MatrixColumn } from '#ml/prepare/preparation'
import type { BoostingOptions } from '#ml/trees/boost'
import type { BoostingParams } from './params.ts'

const bad = (name: string, path: string, message: string, fix: string) =>
  new ProblemError({ code: 'parameter-bad', message, path: ['params', path], fix, columns: [name] })

/**
 * Directions and groups of raw columns as those of prepared columns. A direction binds the column's own numbers, not the
 * mark of a missing one. `flipped` where the margin belongs to the other class than the positive one.
 */
export function constraints(
  { rising, falling, together }: BoostingParams,
  features: readonly Column[],
  matrix: readonly MatrixColumn[],
  { flipped, manyClasses }: { readonly flipped: boolean; readonly manyClasses: boolean },
): Pick<BoostingOptions, 'monotone' | 'interactions'> {
  const directed = [...rising, ...falling]
  for (const [path, names] of Object.entries({ rising, falling, together }))
    for (const name of names)
      if (!features.some((feature) => feature.name === name))
        throw bad(name, path, `${name} is not among the features.`, `Take ${name} away, or give it the role feature`)
  for (const name of directed) {
    if (manyClasses) throw bad(name, 'rising', 'With more than two classes none can rise.', 'Take the columns away')
    if (rising.includes(name) && falling.includes(name))
      throw bad(name, 'falling', `${name} is to rise and to fall.`, 'Name it in one of both')
    if (!matrix.some((column) => column.name === name) || features.find((f) => f.name === name)!.type === 'text')
      throw bad(name, 'rising', `${name} has no order once it is prepared.`, 'Take it away, or keep it as a number')
  }
  const sign = flipped ? -1 : 1
  const directionOf = ({ name }: MatrixColumn) => (rising.includes(name) ? sign : falling.includes(name) ? -sign : 0)
  const group = [...matrix.keys()].filter((j) => together.includes(matrix[j]!.source))
  return {
    ...(directed.length > 0 && { monotone: matrix.map(directionOf) }),
    ...(group.length > 0 && { interactions: [group] }),
  }
}
