import type { DuckDBDataChunk, DuckDBResult, DuckDBType, DuckDBTypeId, DuckDBVector } from '@duckdb/node-api'
import type { Column, ColumnType } from '#contract'
import { type CellBuilder, NumberBuilder, TextBuilder } from './cell-builders.ts'

/** Those of DuckDB's types that are told apart here, as its own list numbers them: loading that list takes as long as DuckDB itself. */
export const duckTypes = {
  BOOLEAN: 1,
  TINYINT: 2,
  SMALLINT: 3,
  INTEGER: 4,
  BIGINT: 5,
  UTINYINT: 6,
  USMALLINT: 7,
  UINTEGER: 8,
  UBIGINT: 9,
  FLOAT: 10,
  DOUBLE: 11,
  TIMESTAMP: 12,
  DATE: 13,
  HUGEINT: 16,
  DECIMAL: 19,
  TIMESTAMP_S: 20,
  TIMESTAMP_MS: 21,
  TIMESTAMP_NS: 22,
  TIMESTAMP_TZ: 31,
  UHUGEINT: 32,
} as const satisfies Partial<Record<keyof typeof DuckDBTypeId, number>>

const T = duckTypes
const integerTypes = new Set<DuckDBTypeId>([
  T.TINYINT,
  T.SMALLINT,
  T.INTEGER,
  T.BIGINT,
  T.UTINYINT,
  T.USMALLINT,
  T.UINTEGER,
  T.UBIGINT,
])
const numberTypes = new Set<DuckDBTypeId>([T.FLOAT, T.DOUBLE, T.DECIMAL, T.HUGEINT, T.UHUGEINT])
/** Milliseconds in one unit of each date type. */
const dateUnits = new Map<DuckDBTypeId, number>([
  [T.DATE, 86_400_000],
  [T.TIMESTAMP_S, 1_000],
  [T.TIMESTAMP_MS, 1],
  [T.TIMESTAMP, 1e-3],
  [T.TIMESTAMP_TZ, 1e-3],
  [T.TIMESTAMP_NS, 1e-6],
])

/** The column type a DuckDB type becomes; what has no counterpart (times, lists, structs) becomes text. */
export function columnType(type: DuckDBTypeId): ColumnType {
  if (type === T.BOOLEAN) return 'boolean'
  if (integerTypes.has(type)) return 'integer'
  if (numberTypes.has(type)) return 'number'
  return dateUnits.has(type) ? 'date' : 'text'
}

/** `items` of fixed-width vectors; part of the pinned version's code, not of its declarations. */
type RawVector = DuckDBVector & {
  readonly items?: ArrayLike<number | bigint>
  readonly validity: { readonly data: unknown; itemValid(index: number): boolean }
}

function toNumber(item: unknown): number {
  if (item === null) return Number.NaN
  if (typeof item === 'object' && 'toDouble' in item) return (item as { toDouble(): number }).toDouble()
  return Number(item)
}

/** Milliseconds from a date's own unit, rounded down to the millisecond. */
function toMilliseconds(item: number | bigint, unit: number): number {
  if (unit >= 1) return Number(item) * unit
  return Math.floor(Number(item) / Math.round(1 / unit))
}

function pushNumbers(builder: NumberBuilder, vector: RawVector, type: DuckDBTypeId, from: number, to: number): void {
  const unit = dateUnits.get(type)
  const { items, validity } = vector
  const allValid = !validity.data
  if (items === undefined || (unit === undefined && !integerTypes.has(type) && type !== T.DOUBLE && type !== T.FLOAT)) {
    for (let row = from; row < to; row++) builder.push(toNumber(vector.getItem(row)))
    return
  }
  for (let row = from; row < to; row++) {
    if (!allValid && !validity.itemValid(row)) builder.push(Number.NaN)
    else if (unit === undefined) builder.push(Number(items[row]!))
    else builder.push(toMilliseconds(items[row]!, unit))
  }
}

/** Appends rows [from, to) of a chunk's column to its builder. */
export function pushVector(
  builder: CellBuilder,
  chunk: DuckDBDataChunk,
  index: number,
  type: DuckDBTypeId,
  from: number,
  to: number,
): void {
  const vector = chunk.getColumnVector(index) as RawVector
  if (builder instanceof NumberBuilder) {
    pushNumbers(builder, vector, type, from, to)
    return
  }
  for (let row = from; row < to; row++) {
    const item = vector.getItem(row)
    builder.push(item === null ? null : String(item))
  }
}

export interface ResultColumn {
  readonly index: number
  readonly type: DuckDBTypeId
  readonly column: Column
}

/** The columns of a result but `__row`; two of one name are told apart by a number. */
export function resultColumns(result: DuckDBResult): ResultColumn[] {
  return describeColumns(
    result.columnNames(),
    result.columnTypes().map((type: DuckDBType) => type.typeId),
  )
}

export function describeColumns(names: readonly string[], types: readonly DuckDBTypeId[]): ResultColumn[] {
  const taken = new Set<string>()
  const columns: ResultColumn[] = []
  names.forEach((original, index) => {
    if (original === '__row') return
    let name = original
    for (let number = 2; taken.has(name); number++) name = `${original}_${number}`
    taken.add(name)
    const type = types[index]!
    columns.push({ index, type, column: { name, type: columnType(type), nullable: true } })
  })
  return columns
}

export function builderFor(column: ResultColumn): CellBuilder {
  return column.column.type === 'text' ? new TextBuilder() : new NumberBuilder()
}
