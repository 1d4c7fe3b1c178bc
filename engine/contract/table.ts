/** Tables: how their columns are described between nodes, and how they look in memory. */
export const columnTypes = ['boolean', 'integer', 'number', 'text', 'date', 'image'] as const
export type ColumnType = (typeof columnTypes)[number]

export const columnRoles = ['feature', 'target', 'protected', 'weight', 'id', 'time', 'split', 'label'] as const
/** `split` columns hold train, validation, test or a fold number. A column without a role counts as a feature. */
export type ColumnRole = (typeof columnRoles)[number]

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly role?: ColumnRole
  /** Size of every picture of an image column. */
  readonly image?: ImageSize
}

/**
 * Of a picture in pixels; 1 channel is grey, 3 are red, green and blue. A cell holds its bytes in Base64, row by row and
 * the channels of a pixel side by side. Models take such a column as uint8 [N, height, width, channels].
 */
export interface ImageSize {
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** Content hash, SHA-256 in lower-case hex. */
export type Hash = string & { readonly brand: 'sha256' }

/** A table value: its columns here, its cells in the Parquet file named `data`. Changing roles leaves `data` alone. */
export interface Table {
  readonly kind: 'table'
  readonly rows: number
  readonly columns: readonly Column[]
  readonly data: Hash
}

/**
 * Cells of a boolean, integer, number or date column: NaN is missing, dates are milliseconds UTC, booleans 0 and 1.
 * Integers beyond 2^53 never get here: reading nodes keep such columns as text.
 */
export interface NumberCells {
  readonly kind: 'number'
  readonly values: Float64Array
}
/** Cells of a text or image column: codes into `levels`, -1 is missing; levels are distinct, sorted by code unit. */
export interface TextCells {
  readonly kind: 'text'
  readonly codes: Int32Array
  readonly levels: readonly string[]
}
export type Cells = NumberCells | TextCells

export type FrameColumn = Column & { readonly cells: Cells }
/** A table in memory, columns in order. */
export interface Frame {
  readonly rows: number
  readonly columns: readonly FrameColumn[]
}

/** The Arrow-like page a viewer gets: never more than 1,000 rows, cells as JSON scalars, dates as ISO text. */
export interface TablePage {
  /** Of the cells. */
  readonly columns: readonly Column[]
  /** Rows there are, or that have been found so far. */
  readonly total: number
  /** Share of the work that is done, while rows are still being looked for or put in order. */
  readonly looking?: number
  readonly offset: number
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  /** Of a sorted, searched or filtered page: where each row stands in the table, from 0. */
  readonly numbers?: readonly number[]
}
