import type { Frame, FrameColumn } from '#contract'
import { columnOf } from '../frame.ts'
import { type Matrix, matrix } from '../matrix.ts'
import type { ScoreRows } from './score-rows.ts'

/** The named columns of a table as numbers, one row a line: texts by their code, missing cells as NaN. */
export function codeRows(frame: Frame, features: readonly string[]): Matrix {
  const coded = matrix(frame.rows, features.length)
  features.forEach((feature, j) => {
    const { cells } = columnOf(frame, feature)
    for (let row = 0; row < frame.rows; row++) {
      const code = cells.kind === 'text' ? cells.codes[row]! : 0
      coded.values[row * features.length + j] =
        cells.kind === 'number' ? cells.values[row]! : code < 0 ? Number.NaN : code
    }
  })
  return coded
}

/** The table that numbers as of `codeRows` stand for; `like` gives the columns with their texts. */
export function decodeRows({ rows, columns, values }: Matrix, like: Frame, features: readonly string[]): Frame {
  const decoded = features.map((feature, j): FrameColumn => {
    const column = columnOf(like, feature)
    const cells = Float64Array.from({ length: rows }, (_, row) => values[row * columns + j]!)
    if (column.cells.kind === 'number') return { ...column, cells: { kind: 'number', values: cells } }
    const codes = Int32Array.from(cells, (code) => (Number.isNaN(code) ? -1 : code))
    return { ...column, cells: { kind: 'text', codes, levels: column.cells.levels } }
  })
  return { rows, columns: decoded }
}

/** A model of raw tables as a model of coded rows, so that every explanation serves it; each feature is one player. */
export const scoreCoded =
  (
    score: (frame: Frame) => Float64Array | PromiseLike<Float64Array>,
    like: Frame,
    features: readonly string[],
  ): ScoreRows =>
  (rows) =>
    score(decodeRows(rows, like, features))
