import type { Model } from '#contract'
import type { KeyHash } from '#ml/rollout/assign-arm'

/**
 * Places in [0, 1) of rows: by the value of a key column where one is named and the row has it, else by all values that the
 * model looks at, whatever their order and whatever else the row carries.
 */
export function rowKeys(
  { features }: Pick<Model, 'features'>,
  key: string,
  hash: KeyHash,
): (rows: readonly unknown[]) => Float64Array {
  const names = features.map(({ name }) => name)
  return (rows) => {
    const places = new Float64Array(rows.length)
    for (let row = 0; row < rows.length; row++) {
      const cells = cellsOf(rows[row])
      const own = key === '' ? undefined : cells[key]
      if (own !== undefined && own !== null) hash.cell(own)
      else for (const name of names) hash.cell(cells[name])
      places[row] = hash.place()
    }
    return places
  }
}

const none: Readonly<Record<string, unknown>> = {}
const cellsOf = (row: unknown) => (typeof row === 'object' && row !== null ? (row as typeof none) : none)
