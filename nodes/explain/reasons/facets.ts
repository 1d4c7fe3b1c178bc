import type { Frame, FrameColumn } from '#contract'
import { mostSides } from '#ml/explain/cell-pieces'
import { meanAbsolute } from '#ml/explain/global-importance'
import { cellNames, type PictureGrid, pictureGrid } from '#ml/explain/picture-cells'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { byteCount, pixelsOfCell } from '#ml/image/pixel-cells'
import { type Explainable, type ExplainedOutputs, gridOf } from '../shap/explained-rows.ts'

/** What reasons are about: columns of the table, words that are in a text or not, regions of a picture by their brightness. */
export interface Facets {
  readonly subject: Explainable['subject']
  /** The column of a feature, at the places of the explained rows. */
  column(feature: string): FrameColumn
  /** Features that people are compared by. */
  readonly relevant: readonly string[]
}

/** Words that people are compared by: those that move the model most. */
const mostWords = 200

const inText = ['not in it', 'in it'] as const

export function facetsOf({ subject }: Explainable, all: ExplainedOutputs): Facets {
  const [first] = all.outputs
  const sizes = all.outputs.map(meanAbsolute)
  const size = (j: number) => sizes.reduce((sum, own) => sum + own[j]!, 0)
  const moving = [...first!.features.keys()].filter((j) => size(j) > 0)
  const names = (places: readonly number[]) => places.map((j) => first!.features[j]!)
  if (subject === 'columns')
    return {
      subject,
      column: (feature) => columnOf(all.frame, feature),
      relevant: moving.length > 0 ? names(moving) : first!.features,
    }
  if (subject === 'pixels') {
    const regions = brightness(all)
    return {
      subject,
      column: (feature) => columnOf(regions, feature),
      relevant: regions.columns.map(({ name }) => name),
    }
  }
  const strongest = moving.toSorted((a, b) => size(b) - size(a) || a - b).slice(0, mostWords)
  return { subject, column: occurrences(all), relevant: names(strongest.toSorted((a, b) => a - b)) }
}

/** Whether each text has a word, found when it is asked for: there may be many thousands. */
function occurrences({ outputs, matrix, rows }: ExplainedOutputs): Facets['column'] {
  const place = new Map(outputs[0]!.features.map((feature, at) => [feature, at]))
  const found = new Map<string, FrameColumn>()
  const make = (feature: string): FrameColumn => {
    const j = place.get(feature)!
    const codes = Int32Array.from(rows, (_, row) => Number(matrix!.values[row * matrix!.columns + j] !== 0))
    return { ...columnFrom(feature, 'text', []), cells: { kind: 'text', codes, levels: inText } }
  }
  return (feature) => {
    const column = found.get(feature) ?? make(feature)
    found.set(feature, column)
    return column
  }
}

/** Mean brightness of each region of each picture, from 0 to 1. */
function brightness({ frame, rows }: ExplainedOutputs): Frame {
  const column = pictureOf(frame)
  const size = column.image!
  const grid = pictureGrid(size, mostSides)
  const names = cellNames(grid)
  const values = names.map(() => new Float64Array(rows.length))
  const counts = new Float64Array(names.length)
  for (const cell of grid.of) counts[cell]! += size.channels
  rows.forEach((_, row) => {
    const cell = cellText(column, row)
    const picture = cell ? pixelsOfCell(cell, size, column.name) : new Uint8Array(byteCount(size))
    picture.forEach((byte, at) => {
      const region = grid.of[Math.floor(at / size.channels)]!
      values[region]![row]! += byte / 255 / counts[region]!
    })
  })
  return frameOf(
    ...names.map((name, at) => ({
      ...columnFrom(name, 'number', []),
      cells: { kind: 'number' as const, values: values[at]! },
    })),
  )
}

function pictureOf({ columns }: Frame): FrameColumn {
  return columnOf({ rows: 0, columns }, columns.find(({ type }) => type === 'image')!.name)
}

/** The same contributions by region of a picture, where smaller cells were explained. */
export function byRegion(explained: Explainable, all: ExplainedOutputs): ExplainedOutputs {
  const fine = gridOf(explained)
  const image = explained.model.features[0]?.image
  if (!fine || !image) return all
  const coarse = pictureGrid(image, mostSides)
  if (coarse.rows === fine.rows && coarse.columns === fine.columns) return all
  const region = regionOfCells(fine, coarse)
  const names = cellNames(coarse)
  return {
    ...all,
    outputs: all.outputs.map((output) => {
      const values = new Float64Array(all.rows.length * names.length)
      const width = output.features.length
      output.values.forEach((value, at) => {
        values[Math.floor(at / width) * names.length + region[at % width]!]! += value
      })
      return { ...output, features: names, values }
    }),
  }
}

/** The region that most of each cell's pixels lie in: the one of its last pixel where cells are cut. */
function regionOfCells(fine: PictureGrid, coarse: PictureGrid): Int32Array {
  const region = new Int32Array(fine.rows * fine.columns)
  fine.of.forEach((cell, pixel) => {
    region[cell] = coarse.of[pixel]!
  })
  return region
}
