import type { Column, Frame, FrameColumn } from '#contract'

/** A cell as it is written by hand: null is missing. */
export type PlainCell = number | string | boolean | null

/** A column from plain cells; `role` and `nullable` as given, nullable by default. */
export function columnFrom(
  name: string,
  type: Column['type'],
  cells: readonly PlainCell[],
  rest: { readonly role?: Column['role']; readonly nullable?: boolean } = {},
): FrameColumn {
  const head = { name, type, nullable: rest.nullable ?? true, ...(rest.role && { role: rest.role }) }
  if (type !== 'text' && type !== 'image')
    return {
      ...head,
      cells: {
        kind: 'number',
        values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))),
      },
    }
  const levels = [...new Set(cells.filter((cell) => cell !== null).map(String))].sort((a, b) => (a < b ? -1 : 1))
  const code = new Map(levels.map((level, index) => [level, index]))
  return {
    ...head,
    cells: {
      kind: 'text',
      levels,
      codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : code.get(String(cell))!)),
    },
  }
}

/** A frame of columns of the same length. */
export function frameOf(...columns: readonly FrameColumn[]): Frame {
  const cells = columns[0]?.cells
  return { rows: cells ? (cells.kind === 'text' ? cells.codes.length : cells.values.length) : 0, columns }
}
