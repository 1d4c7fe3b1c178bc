import type { Frame, FrameColumn, Model } from '#contract'
import { cellText, columnOf, splitRows, takeRows } from '../frame.ts'
import { columnFrom, frameOf, type PlainCell } from '../frame-of.ts'
import { applyPreparation, matrixColumns, type Preparation } from '../prepare/preparation.ts'
import { createRandom } from '../random/random.ts'
import { meanPictureCell } from './cell-pieces.ts'
import { columnMeans } from './linear-shap.ts'
import { readableTerms, subjectOf } from './subject.ts'

/**
 * What reasons of a model's answers compare with, so that they can be given without its training table. JSON. Of linear
 * models means of prepared columns; of trees nothing, they hold their own counts; of pictures the mean one; of others on
 * columns some training rows.
 */
export interface ReasonBasis {
  readonly means?: readonly number[]
  /** Cells by column; numbers as they are, dates in milliseconds. */
  readonly background?: Readonly<Record<string, readonly (number | string | null)[]>>
}

/** Training rows that a row is compared with. */
const backgroundRows = 32
const chunk = 20_000

/** Whether weights or trees of a model say its contributions exactly, in columns or words that people can read. */
export const hasExactReasons = (model: Model): boolean =>
  model.preparation !== undefined &&
  (model.linear !== undefined || model.trees !== undefined) &&
  (subjectOf(model) !== 'words' || readableTerms(model))

export function reasonBasis(model: Model, training: Frame): ReasonBasis {
  if (hasExactReasons(model)) return model.linear ? { means: [...trainingMeans(model, training)] } : {}
  const frame = comparedRows(model, training)
  const plain = ({ cells }: FrameColumn, row: number): number | string | null => {
    if (cells.kind === 'text') return cells.codes[row]! < 0 ? null : cells.levels[cells.codes[row]!]!
    return Number.isNaN(cells.values[row]!) ? null : cells.values[row]!
  }
  const cellsOf = (name: string) => {
    const column = columnOf(frame, name)
    return Array.from({ length: frame.rows }, (_, row) => plain(column, row))
  }
  return { background: Object.fromEntries(model.features.map(({ name }) => [name, cellsOf(name)])) }
}

/** The rows of a basis as a table; undefined where it has none. */
export function basisRows({ features }: Model, { background }: ReasonBasis): Frame | undefined {
  if (!background) return undefined
  const column = ({ name, type, image }: Model['features'][number]): FrameColumn => ({
    ...columnFrom(name, type, (background[name] ?? []) as readonly PlainCell[]),
    ...(image && { image }),
  })
  return frameOf(...features.map(column))
}

/** The rows that answers are compared with: a fixed draw of the training rows, their mean picture, of texts none. */
export function comparedRows(model: Model, training: Frame): Frame {
  const { features } = model
  const rows = trainingRows(training)
  const drawn = createRandom('reasons').permutation(rows.length).slice(0, backgroundRows)
  const chosen = Uint32Array.from(drawn, (place) => rows[place]!).sort()
  const frame = takeRows(training, chosen)
  const [first, ...more] = features
  if (first?.image && more.length === 0) {
    const column = columnOf(frame, first.name)
    const cells = Array.from({ length: frame.rows }, (_, row) => cellText(column, row))
    const mean = meanPictureCell(cells, first.image, first.name)
    return frameOf({ ...columnFrom(first.name, 'image', [mean]), image: first.image })
  }
  return subjectOf(model) === 'words' ? takeRows(frame, new Uint32Array(0)) : frame
}

/** Means of the prepared columns of the training rows: what linear SHAP compares with. */
export function trainingMeans(model: Model, training: Frame): Float64Array {
  const preparation = model.preparation as unknown as Preparation
  const rows = trainingRows(training)
  const means = new Float64Array(matrixColumns(preparation).length)
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.subarray(from, from + chunk)
    const own = columnMeans(applyPreparation(preparation, takeRows(training, part)))
    for (let j = 0; j < means.length; j++) means[j]! += (own[j]! * part.length) / rows.length
  }
  return means
}

/** The rows a model has learned from; all where the split says of none that it is for training. */
function trainingRows(frame: Frame): Uint32Array {
  const train = splitRows(frame, 'train')
  return train.length > 0 ? train : Uint32Array.from({ length: frame.rows }, (_, row) => row)
}
