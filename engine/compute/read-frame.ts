import { type Cells, type Column, type Frame, ProblemError, type Table, type TextCells } from '#contract'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { isTextual, sortLevels } from './cell-builders.ts'
import { openParquet, type ParquetFile } from './parquet/read-parquet.ts'

/** Joins the row groups of a text column: levels are the sorted union, codes point into it. */
function joinTexts(parts: readonly TextCells[], rows: number): TextCells {
  if (parts.length === 1) return parts[0]!
  const known = new Map<string, number>()
  for (const part of parts) for (const level of part.levels) if (!known.has(level)) known.set(level, known.size)
  const { levels, place } = sortLevels([...known.keys()])
  const codes = new Int32Array(rows)
  let row = 0
  for (const part of parts) {
    const translate = Int32Array.from(part.levels, (level) => place[known.get(level)!]!)
    for (const code of part.codes) codes[row++] = code < 0 ? -1 : translate[code]!
  }
  return { kind: 'text', codes, levels }
}

function joinNumbers(parts: readonly Cells[], rows: number): Cells {
  if (parts.length === 1) return parts[0]!
  const values = new Float64Array(rows)
  let row = 0
  for (const part of parts) {
    if (part.kind !== 'number') continue
    values.set(part.values, row)
    row += part.values.length
  }
  return { kind: 'number', values }
}

function readColumn(file: ParquetFile, column: Column, betweenGroups: () => void): Cells {
  const parts = file.groups.map((_, group) => {
    betweenGroups()
    return file.readGroup(group, column)
  })
  return isTextual(column) ? joinTexts(parts as TextCells[], file.rows) : joinNumbers(parts, file.rows)
}

export function unknownColumn(name: string, table: Table): ProblemError {
  return new ProblemError({
    code: 'column-unknown',
    message: `The table has no column "${name}"; its columns are ${table.columns
      .slice(0, 20)
      .map((column) => column.name)
      .join(', ')}${table.columns.length > 20 ? ' …' : ''}.`,
    fix: 'Choose one of the columns of the table',
    columns: [name],
  })
}

/** Columns of a stored table into memory; all when no names are given, else in the order of the names. */
export async function readFrame(
  blobs: BlobFiles,
  table: Table,
  names?: readonly string[],
  betweenGroups: () => void = () => {},
): Promise<Frame> {
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  const columns = names
    ? names.map((name) => {
        const column = byName.get(name)
        if (!column) throw unknownColumn(name, table)
        return column
      })
    : table.columns
  const file = openParquet(checkedPath(blobs, table.data))
  try {
    return {
      rows: table.rows,
      columns: columns.map((column) => ({ ...column, cells: readColumn(file, column, betweenGroups) })),
    }
  } finally {
    file.close()
  }
}
