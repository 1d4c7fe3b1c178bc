import { type Frame, type Hash, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { columnOf, splitRows, takeRows } from '#ml/frame'
import { pixelNumbers } from '#ml/image/pixel-input'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import type { Loss } from '#ml/neural/losses'
import type { Network } from '#ml/neural/network'
import type { NetworkInput } from '#ml/neural/network-file'
import type { TrainingData } from '#ml/neural/training-data'
import { wordNumbers } from '#ml/neural/word-input'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import { columnOfRole } from '#ml/roles'
import { knownClasses, numberTarget, rowWeights } from '#ml/target-cells'

/** A model's network with its learned values, and what stands before and behind it. */
export interface ReadNetwork {
  readonly trained: TrainedNetwork
  readonly loss: Loss
  readonly input: NetworkInput
  readonly output?: { readonly center: number; readonly scale: number }
}

export async function readNetwork(model: Model, context: RunContext): Promise<ReadNetwork> {
  const { network, preparation } = model
  if (!network)
    throw new ProblemError({
      code: 'not-supported',
      message: `The model at the input comes from ${model.learner.type} and holds no neural network.`,
      path: ['inputs', 'model'],
      fix: 'Connect the model of a Neural network or Architecture search node',
    })
  const floats = async (hash: Hash | undefined) => {
    if (!hash) return new Float32Array(0)
    const bytes = await context.blobs.get(hash)
    return new Float32Array(bytes.slice().buffer)
  }
  const [parameters, statistics] = [await floats(network.parameters), await floats(network.statistics)]
  const input = (network.input ?? { kind: 'matrix', preparation }) as unknown as NetworkInput
  return {
    trained: { network: network.design as unknown as Network, parameters, statistics },
    loss: network.loss as unknown as Loss,
    input,
    ...(network.output && { output: network.output }),
  }
}

/** Rows of the network's own input. */
export function encodeRows(input: NetworkInput, frame: Frame): Float32Array {
  if (input.kind === 'pixels') return pixelNumbers(input, columnOf(frame, input.column))
  if (input.kind === 'words') return wordNumbers(input, columnOf(frame, input.column))
  return Float32Array.from(applyPreparation(input.preparation as Preparation, frame).values)
}

export interface NetworkSamples {
  /** Training rows: what ranges are taken from, and what a further training learns from. */
  readonly training: TrainingData
  /** Rows that judge: validation rows, else the training rows. */
  readonly judged: TrainingData
  readonly judgedOn: 'validation' | 'training'
}

/** The rows of a table whose target the model knows, as the network reads them. */
export async function readSamples(
  model: Model,
  { input, output }: ReadNetwork,
  table: Table,
  context: RunContext,
): Promise<NetworkSamples> {
  const names = [model.target!, ...model.features.map(({ name }) => name)]
  const missing = names.filter((name) => !table.columns.some((column) => column.name === name))
  if (missing.length > 0)
    throw new ProblemError({
      code: 'column-unknown',
      message: `The table does not have ${missing.slice(0, 5).join(', ')}, which the model needs.`,
      path: ['inputs', 'table'],
      fix: 'Connect the table the model was trained on',
      columns: missing.slice(0, 20),
    })
  const [split, weight] = (['split', 'weight'] as const).map((role) => columnOfRole(table.columns, role)?.name)
  const wanted = [...new Set([...names, split, weight].filter((name) => name !== undefined))]
  const frame = await context.tables.read(table, wanted)
  const column = columnOf(frame, model.target!)
  const data = (among: Uint32Array): TrainingData => {
    const known = model.classes
      ? (({ rows, codes }) => ({ rows, values: Float64Array.from(codes) }))(knownClasses(column, among, model.classes))
      : numberTarget(column, among)
    const weights = rowWeights(weight === undefined ? undefined : columnOf(frame, weight), known.rows)
    const scaled = (value: number) => (output ? (value - output.center) / output.scale : value)
    return {
      rows: known.rows.length,
      features: encodeRows(input, takeRows(frame, known.rows)),
      targets: Float32Array.from(known.values, scaled),
      ...(weights && { weights: Float32Array.from(weights) }),
    }
  }
  const training = data(splitRows(frame, 'train'))
  if (training.rows === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `No training row has a ${model.target} that the model knows.`,
      path: ['inputs', 'table'],
      fix: 'Connect the table the model was trained on',
    })
  const validation = split === undefined ? undefined : data(splitRows(frame, 'validation'))
  return validation && validation.rows > 0
    ? { training, judged: validation, judgedOn: 'validation' }
    : { training, judged: training, judgedOn: 'training' }
}
