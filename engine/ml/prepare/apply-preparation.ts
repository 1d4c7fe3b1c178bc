import { type Frame, ProblemError } from '#contract'
import { columnOf } from '../frame.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { blockOf } from './blocks.ts'
import { estimateByNeighbours } from './impute-neighbours.ts'
import { blockSteps, indicatorSteps, type NumberStep, numberSteps, type Preparation } from './preparation-steps.ts'
import { scaleValues } from './scale-number.ts'
import { type KnownTarget, writeOutOfFold } from './target-encoding.ts'

/** Larger matrices are refused before they are made. */
const mostBytes = 4 * 2 ** 30

/** The columns of some steps in the order of the matrix. */
const widthOf = (preparation: Preparation) => {
  const blocks = blockSteps(preparation).map((step) => blockOf(step).columns.length)
  return numberSteps(preparation).length + indicatorSteps(preparation).length + blocks.reduce((a, b) => a + b, 0)
}

function checkSize(rows: number, columns: number): void {
  if (rows * columns * 8 <= mostBytes) return
  throw new ProblemError({
    code: 'out-of-memory',
    message: `The prepared matrix has ${columns} columns; at ${rows} rows that is more than 4 GB.`,
    fix: 'Keep fewer terms or levels in the preparation, or take a sample of the rows',
  })
}

function preparedNumbers(
  { name, fill, ...scaling }: NumberStep,
  frame: Frame,
  estimates: ReadonlyMap<string, Float64Array>,
): Float64Array {
  const { cells } = columnOf(frame, name)
  const raw = cells.kind === 'number' ? cells.values : new Float64Array(frame.rows).fill(Number.NaN)
  const estimated = scaling.neighbours && estimates.get(name)
  const values = raw.map((value, row) => {
    if (Number.isFinite(value)) return value
    return estimated && Number.isFinite(estimated[row]!) ? estimated[row]! : scaling.kept ? Number.NaN : fill
  })
  scaleValues(values, scaling)
  return values
}

/**
 * The prepared matrix of all rows, in the order of `matrixColumns`. Where `target` is known, columns encoded by it hold
 * the codes of the other folds, never one that a row's own target went into: give it for rows a learner is fitted on.
 */
export function applyPreparation(preparation: Preparation, frame: Frame, target?: KnownTarget): Matrix {
  const columns = widthOf(preparation)
  checkSize(frame.rows, columns)
  const out = matrix(frame.rows, columns)
  const { values } = out
  const { neighbours } = preparation
  const estimates = neighbours ? estimateByNeighbours(neighbours, frame) : new Map<string, Float64Array>()
  let offset = 0
  for (const step of numberSteps(preparation)) {
    const numbers = preparedNumbers(step, frame, estimates)
    for (let row = 0, at = offset; row < frame.rows; row++, at += columns) values[at] = numbers[row]!
    offset++
  }
  for (const { name } of indicatorSteps(preparation)) {
    const { cells } = columnOf(frame, name)
    if (cells.kind === 'number')
      for (let row = 0, at = offset; row < frame.rows; row++, at += columns)
        values[at] = Number.isFinite(cells.values[row]!) ? 0 : 1
    offset++
  }
  for (const step of blockSteps(preparation)) {
    const block = blockOf(step)
    const column = columnOf(frame, step.name)
    block.write(column, out, offset)
    if (target && step.kind === 'target') writeOutOfFold(step, column, target, out, offset)
    offset += block.columns.length
  }
  return out
}
