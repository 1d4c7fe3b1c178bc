import type { Column, TablePage } from '#contract'
import { numberCell } from '../cell-value.ts'
import type { ColumnChunk } from '../parquet/column-chunk.ts'
import type { ParquetFile } from '../parquet/read-parquet.ts'

export type Cell = TablePage['rows'][number][number]

/** Reads cells of any rows, unpacking only the column chunks they lie in; the chunks used last stay unpacked. */
export class CellReader {
  readonly #budget: number
  readonly #kept = new Map<string, ColumnChunk>()
  #bytes = 0

  /** @param budget bytes that unpacked chunks may take */
  constructor(budget: number) {
    this.#budget = budget
  }

  read(file: ParquetFile, path: string, columns: readonly Column[], rows: ArrayLike<number>): Cell[][] {
    const places = Array.from(rows, (row) => ({ row, group: groupOf(file, row) }))
    const cells: Cell[][] = places.map(() => [])
    for (const column of columns)
      places.forEach(({ row, group }, at) => {
        const chunk = this.#chunk(file, path, group, column)
        cells[at]!.push(cellAt(chunk, column, row - file.groups[group]!.start))
      })
    return cells
  }

  #chunk(file: ParquetFile, path: string, group: number, column: Column): ColumnChunk {
    const key = `${path} ${group} ${column.name}`
    const known = this.#kept.get(key)
    const chunk = known ?? file.readChunk(group, column)
    if (known) this.#kept.delete(key)
    else this.#bytes += chunk.bytes
    this.#kept.set(key, chunk)
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#budget) break
      this.#kept.delete(oldest)
      this.#bytes -= bytes
    }
    return chunk
  }
}

function cellAt(chunk: ColumnChunk, column: Column, row: number): Cell {
  return chunk.kind === 'number' ? numberCell(column, chunk.at(row)) : chunk.at(row)
}

function groupOf({ groups }: ParquetFile, row: number): number {
  let low = 0
  let high = groups.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (groups[middle]!.start <= row) low = middle
    else high = middle - 1
  }
  return low
}
