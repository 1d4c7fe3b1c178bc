import { type Model, ProblemError, type RunContext, type Table } from '#contract'
import type { Loss } from '#ml/neural/losses'
import type { NetworkFile } from '#ml/neural/network-file'
import type { TrainingData } from '#ml/neural/training-data'
import { moments } from '#ml/statistics/moments'
import { type EncodedInput, encodeInput } from './encode-input.ts'
import { isPlan, type NetworkPlan, planNetwork } from './infer.ts'
import type { NetworkParams } from './params.ts'
import { type NetworkRows, type NetworkTables, readNetworkRows, trainingWeights } from './read-rows.ts'

/** What a network is to learn: the rows as numbers, and how raw columns become them. */
export interface NetworkTask {
  readonly plan: NetworkPlan
  readonly tables: NetworkTables
  readonly encoded: EncodedInput
  readonly loss: Loss
  readonly output?: NetworkFile['output']
  readonly training: TrainingData
  readonly validation?: TrainingData
  /** Numbers the network gives a row. */
  readonly outputs: number
}

/** What reading needs of a learner's parameters. */
export type TaskParams = Pick<
  NetworkParams,
  'target' | 'kind' | 'input' | 'column' | 'heldOut' | 'classWeight' | 'mostWords' | 'places' | 'loss'
>

interface Source {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly params: TaskParams
  readonly context: RunContext
}

export async function readNetworkTask({ inputs, params, context }: Source): Promise<NetworkTask> {
  const plan = planNetwork(inputs.table.columns, params, inputs.preparation)
  if (!isPlan(plan)) throw new ProblemError(plan)
  context.progress(0, 'reading')
  const source = { table: inputs.table, plan, params, preparation: inputs.preparation }
  return networkTask(plan, await readNetworkRows(source, context), params, inputs.preparation)
}

/** Rows that are read already as what a network is to learn. */
export function networkTask(
  plan: NetworkPlan,
  tables: NetworkTables,
  params: TaskParams,
  preparation: Model | undefined,
): NetworkTask {
  const encoded = encodeInput(tables, plan, params, preparation)
  const output = plan.task === 'numbers' ? standard(tables.training) : undefined
  const data = (rows: NetworkRows, weights: Float64Array | undefined): TrainingData => ({
    rows: rows.frame.rows,
    features: encoded.encode(rows.frame),
    targets: Float32Array.from(rows.target, (value) => (output ? (value - output.center) / output.scale : value)),
    ...(weights && { weights: Float32Array.from(weights) }),
  })
  const { training, validation, classes } = tables
  return {
    plan,
    tables,
    encoded,
    loss: lossOf(plan, params),
    ...(output && { output }),
    training: data(training, trainingWeights(training, classes?.length ?? 0, params)),
    ...(validation && { validation: data(validation, validation.weights) }),
    outputs: classes?.length ?? 1,
  }
}

function standard({ target, weights }: NetworkRows) {
  const { mean, variance } = moments(target, weights)
  return { center: mean, scale: Math.sqrt(variance) || 1 }
}

function lossOf({ task }: NetworkPlan, { loss }: TaskParams): Loss {
  if (task === 'classes') return { kind: 'cross-entropy' }
  return loss === 'huber' ? { kind: 'huber', delta: 1 } : { kind: 'squared' }
}
