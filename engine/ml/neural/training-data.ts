import { ProblemError } from '#contract'
import type { Loss } from './losses.ts'
import type { Network } from './network.ts'
import { sizeOf } from './shape.ts'

/** Examples, one after the other: `features` rows × the network's inputs, `targets` rows × `targetWidth`. */
export interface TrainingData {
  readonly rows: number
  readonly features: Float32Array
  readonly targets: Float32Array
  /** 1 each unless told. */
  readonly weights?: Float32Array
}

const bad = (message: string, fix: string) => new ProblemError({ code: 'data-bad', message, fix })

/** Throws a ProblemError unless a network can be trained on the data for the loss; `outputs` of the network. */
export function checkTrainingData(data: TrainingData, network: Network, loss: Loss, outputs: number, width: number) {
  if (data.rows === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'There is no row to train the network on.',
      fix: 'Use a split with rows in each part',
    })
  checkLength('features', data.features, data.rows * sizeOf(network.inputs))
  checkLength('targets', data.targets, data.rows * width)
  if (data.weights) checkWeights(data.weights, data.rows)
  if (loss.kind === 'cross-entropy' || loss.kind === 'distillation') checkClasses(data, width, outputs)
  const first = network.layers[0]
  if (first?.kind === 'embedding' || first?.kind === 'wordMean') checkWhole(data.features, first.levels, 'features')
}

function checkLength(name: string, values: Float32Array, expected: number): void {
  if (values.length !== expected) throw new RangeError(`${name} holds ${values.length} numbers, not ${expected}`)
  if (!allFinite(values))
    throw bad(
      `The ${name} of a network hold missing or infinite numbers.`,
      'Fill missing values before the network, with prepare or impute',
    )
}

function checkWeights(weights: Float32Array, rows: number): void {
  checkLength('weights', weights, rows)
  if (weights.some((weight) => weight < 0) || !weights.some((weight) => weight > 0))
    throw bad('The weights hold a negative number, or none above zero.', 'Use weights of zero or more, some above zero')
}

function checkClasses({ targets, rows }: TrainingData, width: number, classes: number): void {
  const first = width === 1 ? targets : Float32Array.from({ length: rows }, (_, row) => targets[row * width]!)
  checkWhole(first, classes, 'targets')
}

function checkWhole(values: Float32Array, below: number, name: string): void {
  const wrong = values.find((value) => !Number.isInteger(value) || value < 0 || value >= below)
  if (wrong !== undefined)
    throw bad(
      `The ${name} hold ${wrong} where whole numbers from 0 to ${below - 1} stand.`,
      'Encode each level as its number',
    )
}

/** Asked after each call of a training, so without a call for each number. */
export function allFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index]!)) return false
  return true
}
