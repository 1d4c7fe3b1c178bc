import type { FrameColumn } from '#contract'
import type { Matrix } from '../matrix.ts'
import type { Graph } from '../onnx/graph-builder.ts'

/** The columns of the matrix that one raw column becomes: named, computed and emitted by the same fitted step. */
export interface Block {
  readonly columns: readonly string[]
  /** Writes the block's cells of all rows, its first column at `offset`; the cells are 0 before. */
  write(column: FrameColumn, out: Matrix, offset: number): void
  /** Adds the raw column as an input and gives the names of `[N, width]` parts in double, none for a width of 0. */
  emit(graph: Graph): readonly string[]
}

/** Rows of numbers for the levels of a text column, written to every row that has the level. */
export function writeLevels(
  codes: Int32Array,
  of: (code: number) => ArrayLike<number> | undefined,
  out: Matrix,
  offset: number,
): void {
  const made = new Map<number, ArrayLike<number> | undefined>()
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (!made.has(code)) made.set(code, of(code))
    const numbers = made.get(code)
    if (!numbers) continue
    for (let j = 0, at = row * out.columns + offset; j < numbers.length; j++) out.values[at + j] = numbers[j]!
  }
}

/** Place of each text among the levels as int64 `[N, 1]`; `missing` for the empty text, `unseen` for all others. */
export function emitPlaces(
  graph: Graph,
  name: string,
  levels: readonly string[],
  { missing, unseen }: { readonly missing: number; readonly unseen: number },
): string {
  const attributes = {
    keys_strings: { strings: [...levels, ''] },
    values_int64s: { ints: [...levels.keys(), missing] },
    default_int64: { int: unseen },
  }
  return graph.node('LabelEncoder', [graph.input(name, 'string', ['N', 1])], attributes, { domain: 'ai.onnx.ml' })[0]!
}

export const doubleType = 11
