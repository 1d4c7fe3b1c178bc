import type { Frame } from '#contract'
import { columnOf, textCells } from '../frame.ts'
import { type Matrix, matrix } from '../matrix.ts'
import {
  indicatorSteps,
  matrixColumns,
  numberSteps,
  type Preparation,
  type TextStep,
  textPlaces,
  textSteps,
} from './preparation-steps.ts'

/** Place in the step's columns for each level of a column; the empty text is missing, as in the ONNX graph. */
function placesOf(
  step: TextStep,
  levels: readonly string[],
): { readonly places: Int32Array; readonly missingPlace: number; readonly width: number } {
  const { otherPlace, missingPlace, width } = textPlaces(step)
  const known = new Map(step.levels.map((level, place) => [level, place]))
  const places = Int32Array.from(levels, (level) => (level === '' ? missingPlace : (known.get(level) ?? otherPlace)))
  return { places, missingPlace, width }
}

/** The prepared matrix of all rows, in the order of `matrixColumns`. */
export function applyPreparation(preparation: Preparation, frame: Frame): Matrix {
  const out = matrix(frame.rows, matrixColumns(preparation).length)
  const { values, columns: width } = out
  let offset = 0
  for (const { name, fill, center, scale } of numberSteps(preparation)) {
    const { cells } = columnOf(frame, name)
    const raw = cells.kind === 'number' ? cells.values : Float64Array.from(cells.codes, () => Number.NaN)
    for (let row = 0, at = offset; row < frame.rows; row++, at += width) {
      const value = raw[row]!
      values[at] = ((Number.isFinite(value) ? value : fill) - center) / scale
    }
    offset++
  }
  for (const { name } of indicatorSteps(preparation)) {
    const { cells } = columnOf(frame, name)
    if (cells.kind === 'number')
      for (let row = 0, at = offset; row < frame.rows; row++, at += width)
        values[at] = Number.isFinite(cells.values[row]!) ? 0 : 1
    offset++
  }
  for (const step of textSteps(preparation)) {
    const { codes, levels } = textCells(columnOf(frame, step.name))
    const { places, missingPlace, width: own } = placesOf(step, levels)
    for (let row = 0; row < frame.rows; row++) {
      const place = codes[row]! < 0 ? missingPlace : places[codes[row]!]!
      if (place >= 0) values[row * width + offset + place] = 1
    }
    offset += own
  }
  return out
}
