import type { Hash, JsonValue, Model, RunContext, Table } from '#contract'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import { networkFile } from '#ml/neural/network-file'
import { matrixColumns } from '#ml/prepare/preparation'
import { positiveClass } from '#ml/target-cells'
import type { Course } from './course.ts'
import { judgeNetwork } from './judge.ts'
import { layerFacts } from './layer-list.ts'
import type { NetworkTask } from './read-task.ts'

interface Maker {
  readonly inputs: { readonly table: Table }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: { readonly positive: string; readonly threshold: number }
  readonly context: RunContext
  readonly learner: Model['learner']
}

const littleEndian = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** A trained network as a model: its file, its figures on training and validation rows, and how it came about. */
export async function networkModel(
  maker: Maker,
  task: NetworkTask,
  trained: TrainedNetwork,
  { history, bestEpoch, reason, device }: Pick<Course, 'history' | 'bestEpoch' | 'reason' | 'device'>,
): Promise<Model> {
  const { plan, tables, loss } = task
  const model = await unjudged(maker, task, trained)
  const { metrics, confusion } = await judgeNetwork(model, tables, maker.context)
  const whole: Course = {
    history,
    bestEpoch,
    reason,
    validatedOn: tables.validatedOn,
    validationRows: tables.validation?.target.length ?? 0,
    layers: layerFacts(trained.network),
    ...(device && { device }),
    learnedFrom:
      plan.input === 'columns' ? `${plan.features.length} columns` : `${plan.features[0]!.name} (${plan.input})`,
    ...(confusion && { confusion }),
  }
  return {
    ...model,
    metrics,
    network: { ...model.network!, loss: { ...loss }, course: whole as unknown as JsonValue },
  }
}

/** The file of a network with what stands between it and raw columns. */
export const networkBytes = ({ plan, encoded, loss, output }: NetworkTask, trained: TrainedNetwork): Uint8Array =>
  networkFile({
    input: encoded.input,
    trained,
    loss: loss.kind,
    columns: plan.features.map(({ name }) => name),
    ...(output && { output }),
  })

async function unjudged(
  { inputs, hashes, params, context, learner }: Maker,
  task: NetworkTask,
  trained: TrainedNetwork,
): Promise<Model> {
  const { plan, tables, encoded, output } = task
  const { classes, training } = tables
  const { input } = encoded
  const onnx = networkBytes(task, trained)
  const positive = classes?.length === 2 ? positiveClass(classes, params.positive) : undefined
  const { parameters, statistics, network } = trained
  return {
    kind: 'model',
    purpose: classes ? (classes.length === 2 ? 'binary' : 'multiclass') : 'regression',
    onnx: await context.blobs.put(onnx),
    onnxBytes: onnx.byteLength,
    features: plan.features,
    target: plan.target.name,
    ...(classes && { classes }),
    ...(positive !== undefined && { positive, threshold: params.threshold }),
    protected: tables.protected,
    learner,
    ...(input.kind === 'matrix' && {
      preparation: input.preparation as unknown as JsonValue,
      matrix: matrixColumns(input.preparation),
    }),
    network: {
      design: network as unknown as JsonValue,
      loss: {},
      parameters: await context.blobs.put(littleEndian(parameters)),
      ...(statistics.length > 0 && { statistics: await context.blobs.put(littleEndian(statistics)) }),
      ...(input.kind !== 'matrix' && { input: input as unknown as JsonValue }),
      ...(output && { output }),
    },
    training: { table: hashes.table ?? inputs.table.data, rows: training.target.length, seed: context.seed },
    metrics: [],
    engine: context.engine.version,
  }
}
