import type { Column, FrameColumn, NumberCells, TextCells } from '#contract'

/** A number column of a synthetic table. */
export function numberColumn(
  name: string,
  type: Column['type'],
  values: ArrayLike<number>,
  nullable = false,
): FrameColumn {
  const cells: NumberCells = { kind: 'number', values: Float64Array.from(values) }
  return { name, type, nullable, cells }
}

/** A text column of a synthetic table; levels become sorted by code unit. */
export function textColumn(name: string, values: readonly string[]): FrameColumn {
  const levels = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
  const code = new Map(levels.map((level, index) => [level, index]))
  const cells: TextCells = { kind: 'text', codes: Int32Array.from(values, (value) => code.get(value)!), levels }
  return { name, type: 'text', nullable: false, cells }
}
