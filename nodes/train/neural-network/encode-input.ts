import { type Frame, type Model, ProblemError } from '#contract'
import { columnOf } from '#ml/frame'
import { fitPixels, pixelNumbers } from '#ml/image/pixel-input'
import type { NetworkInput } from '#ml/neural/network-file'
import { fitWords, wordNumbers } from '#ml/neural/word-input'
import {
  applyPreparation,
  fitPreparation,
  matrixColumns,
  type Preparation,
  preparationDefaults,
} from '#ml/prepare/preparation'
import { choosePreparation } from '../fuse-preparation.ts'
import type { ClassRows, NumberRows } from '../learning-rows.ts'
import type { NetworkPlan } from './infer.ts'
import type { InputShape } from './layer-list.ts'
import type { NetworkTables } from './read-rows.ts'
import type { TaskParams } from './read-task.ts'

/** How raw rows become the network's input, fitted on the training rows. */
export interface EncodedInput {
  readonly shape: InputShape
  readonly input: NetworkInput
  /** Rows × the shape. */
  encode(frame: Frame): Float32Array
}

export function encodeInput(
  { training, classes }: NetworkTables,
  plan: NetworkPlan,
  params: TaskParams,
  given: Model | undefined,
): EncodedInput {
  if (plan.input === 'image') return encodePictures(training.frame, plan)
  if (plan.input === 'text') return encodeTexts(training.frame, plan, params)
  if (!given) return encodeColumns(training.frame, plan)
  const { target } = training
  const learned = { frame: training.frame, features: plan.features, target: plan.target, protected: [] }
  const rows: ClassRows | NumberRows = classes
    ? { ...learned, codes: Int32Array.from(target), classes }
    : { ...learned, values: target }
  const prepared = choosePreparation(given, rows)
  return matrixInput(prepared.preparation, [], (frame) => Float32Array.from(prepared.matrix(frame).values))
}

function encodePictures(frame: Frame, { features }: NetworkPlan): EncodedInput {
  const { name, image } = features[0]!
  if (!image)
    throw new ProblemError({
      code: 'column-type',
      message: `The size of the pictures in ${name} is not known.`,
      path: ['inputs', 'table'],
      fix: 'Read the pictures with the step Read images',
      columns: [name],
    })
  const input = fitPixels(columnOf(frame, name), image)
  return {
    shape: { kind: 'pixels', shape: [image.channels, image.height, image.width] },
    input,
    encode: (other) => pixelNumbers(input, columnOf(other, name)),
  }
}

function encodeTexts(frame: Frame, { features }: NetworkPlan, { mostWords, places }: TaskParams): EncodedInput {
  const { name } = features[0]!
  const input = fitWords(columnOf(frame, name), { mostWords, places, minRows: 2 })
  if (input.words.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `No word of ${name} occurs in two training rows.`,
      path: ['params', 'column'],
      fix: `Learn from columns instead, or connect a table with more texts in ${name}`,
      columns: [name],
    })
  return {
    shape: { kind: 'words', shape: [places], words: input.words.length + 2 },
    input,
    encode: (other) => wordNumbers(input, columnOf(other, name)),
  }
}

/** Numbers imputed and scaled, categories as codes that the network turns into vectors. */
function encodeColumns(frame: Frame, { features }: NetworkPlan): EncodedInput {
  const rows = Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const options = { ...preparationDefaults, text: { ...preparationDefaults.text, encode: 'ordinal' as const } }
  const names = features.map(({ name }) => name)
  const preparation = fitPreparation(frame, names, rows, options)
  const levels = preparation.steps.flatMap((step) => (step.kind === 'ordinal' ? [step.levels.length] : []))
  return matrixInput(preparation, levels, (other) => Float32Array.from(applyPreparation(preparation, other).values))
}

function matrixInput(
  preparation: Preparation,
  levels: readonly number[],
  encode: (frame: Frame) => Float32Array,
): EncodedInput {
  const width = matrixColumns(preparation).length
  return {
    shape: { kind: 'matrix', shape: [width], ...(levels.length > 0 && { levels }) },
    input: { kind: 'matrix', preparation },
    encode,
  }
}
