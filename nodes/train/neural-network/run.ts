import { type Hash, type JsonValue, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { checkpointBytes, checkpointFrom } from '#ml/neural/checkpoint-bytes'
import type { Loss } from '#ml/neural/losses'
import { type NetworkFile, networkFile } from '#ml/neural/network-file'
import type { Optimizer } from '#ml/neural/optimizers'
import type { Schedule } from '#ml/neural/schedule'
import { createTrainer, type TrainerOptions, type TrainingOutcome } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { matrixColumns } from '#ml/prepare/preparation'
import { moments } from '#ml/statistics/moments'
import { positiveClass } from '#ml/target-cells'
import { type Course, curveBlock } from './course.ts'
import { type EncodedInput, encodeInput } from './encode-input.ts'
import { isPlan, type NetworkPlan, networkVersion, planNetwork } from './infer.ts'
import { judgeNetwork } from './judge.ts'
import { designProblem, layerFacts, ownNetwork, presetNetwork } from './layer-list.ts'
import type { NetworkParams } from './params.ts'
import { type NetworkRows, type NetworkTables, readNetworkRows, trainingWeights } from './read-rows.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: NetworkParams
  readonly context: RunContext
}

/** Small designs below so many training rows. */
const largeRows = 20_000

export async function trainNetwork(run: Run): Promise<{ model: Model }> {
  const { inputs, params, context } = run
  const plan = planNetwork(inputs.table.columns, params, inputs.preparation)
  if (!isPlan(plan)) throw new ProblemError(plan)
  context.progress(0, 'reading')
  const source = { table: inputs.table, plan, params, preparation: inputs.preparation }
  const tables = await readNetworkRows(source, context)
  const encoded = encodeInput(tables, plan, params, inputs.preparation)
  const network = chooseNetwork(encoded, tables, params)
  const layers = layerFacts(network)
  const output = plan.task === 'numbers' ? standard(tables.training) : undefined
  const loss = lossOf(plan, params)
  const data = (rows: NetworkRows, weights: Float64Array | undefined): TrainingData => ({
    rows: rows.frame.rows,
    features: encoded.encode(rows.frame),
    targets: Float32Array.from(rows.target, (value) => (output ? (value - output.center) / output.scale : value)),
    ...(weights && { weights: Float32Array.from(weights) }),
  })
  const training = data(tables.training, trainingWeights(tables.training, tables.classes?.length ?? 0, params))
  const validation = tables.validation && data(tables.validation, tables.validation.weights)
  const options = trainerOptions({ network, loss, optimizer: optimizerOf(params) }, params, context.seed)
  const outcome = await train(options, training, validation, context)
  const trained = { network, ...learned(outcome) }
  const columns = plan.features.map(({ name }) => name)
  const file: NetworkFile = { input: encoded.input, trained, loss: loss.kind, columns, ...(output && { output }) }
  const onnx = networkFile(file)
  const model = await describe(run, plan, tables, file, onnx)
  const judged = await judgeNetwork(model, tables, context)
  const course: Course = {
    history: outcome.history,
    bestEpoch: outcome.bestEpoch,
    reason: outcome.reason,
    validatedOn: tables.validatedOn,
    validationRows: tables.validation?.target.length ?? 0,
    layers,
    learnedFrom:
      plan.input === 'columns' ? `${plan.features.length} columns` : `${plan.features[0]!.name} (${plan.input})`,
    ...(judged.confusion && { confusion: judged.confusion }),
  }
  context.progress(1)
  return {
    model: {
      ...model,
      metrics: judged.metrics,
      network: { ...model.network!, loss: { ...loss }, course: course as unknown as JsonValue },
    },
  }
}

function chooseNetwork({ shape }: EncodedInput, { training, classes }: NetworkTables, params: NetworkParams) {
  const outputs = classes?.length ?? 1
  try {
    if (params.design === 'own') return ownNetwork(shape, params.layers, outputs)
    const large = params.design === 'large' || (params.design === 'auto' && training.target.length >= largeRows)
    return presetNetwork(shape, large ? 'large' : 'small', outputs)
  } catch (error) {
    throw designProblem(error)
  }
}

function standard({ target, weights }: NetworkRows) {
  const { mean, variance } = moments(target, weights)
  return { center: mean, scale: Math.sqrt(variance) || 1 }
}

function lossOf({ task }: NetworkPlan, { loss }: NetworkParams): Loss {
  if (task === 'classes') return { kind: 'cross-entropy' }
  return loss === 'huber' ? { kind: 'huber', delta: 1 } : { kind: 'squared' }
}

function optimizerOf({ optimizer: kind, momentum, weightDecay }: NetworkParams): Optimizer {
  return kind === 'sgd' ? { kind, momentum, weightDecay } : { kind, weightDecay }
}

function scheduleOf({ schedule: kind, warmup }: NetworkParams): Schedule {
  return kind === 'step' ? { kind, every: 10, factor: 0.5, warmup } : { kind, warmup }
}

function trainerOptions(plan: TrainerOptions['plan'], params: NetworkParams, seed: number): TrainerOptions {
  const { batch: batchRows, epochs, learningRate, patience } = params
  return {
    plan,
    seed,
    batchRows,
    epochs,
    learningRate,
    schedule: scheduleOf(params),
    ...(patience > 0 && { patience }),
  }
}

/** Calls between two checkpoints within an epoch, each of some tenths of a second. */
const callsPerCheckpoint = 50

async function train(
  options: TrainerOptions,
  training: TrainingData,
  validation: TrainingData | undefined,
  context: RunContext,
): Promise<TrainingOutcome> {
  const kept = await context.checkpoint.read()
  // One thread: results depend on their number in the last bits.
  const { patience, ...rest } = options
  const open = await context.kernels.sessions(1)
  const trainer = await createTrainer(open, validation && patience ? options : rest, training, validation)
  let calls = 0
  try {
    const outcome = await trainer.train({
      ...(kept && kept.length > 0 && { resume: checkpointFrom(kept) }),
      cancelled: () => context.signal.finishing,
      async onProgress({ fraction, epoch, loss, checkpoint, ended }) {
        context.progress(0.02 + 0.94 * fraction, `epoch ${epoch + 1} of ${options.epochs}, loss ${loss.toPrecision(3)}`)
        if (ended) context.show([curveBlock(checkpoint.history, checkpoint.best.epoch)])
        if (ended || ++calls % callsPerCheckpoint === 0) await context.checkpoint.write(checkpointBytes(checkpoint))
      },
    })
    await context.checkpoint.write(new Uint8Array(0))
    if (outcome.reason === 'diverged') throw diverged(outcome)
    return outcome
  } finally {
    await trainer.close()
  }
}

const diverged = ({ history }: TrainingOutcome) =>
  new ProblemError({
    code: 'data-bad',
    message: `The training ran away in epoch ${history.length + 1}: its loss is no number any more.`,
    path: ['params', 'learningRate'],
    fix: 'Lower the learning rate, or let it rise with a warm-up',
  })

/** Before the first epoch has ended there is no best one yet: then the newest parameters count. */
function learned({ bestEpoch, parameters, statistics, checkpoint }: TrainingOutcome) {
  if (bestEpoch >= 0) return { parameters, statistics }
  return { parameters: checkpoint.state.parameters!, statistics: checkpoint.state.statistics ?? new Float32Array(0) }
}

const littleEndian = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

async function describe(
  { inputs, hashes, params, context }: Run,
  plan: NetworkPlan,
  { classes, training, protected: names }: NetworkTables,
  { trained, input, output }: NetworkFile,
  onnx: Uint8Array,
): Promise<Model> {
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
    protected: names,
    learner: { type: 'train/neural-network', version: networkVersion, params: { ...params } as unknown as JsonValue },
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
