import { type Hash, type JsonValue, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { checkpointBytes, checkpointFrom } from '#ml/neural/checkpoint-bytes'
import type { Optimizer } from '#ml/neural/optimizers'
import type { Schedule } from '#ml/neural/schedule'
import { createTrainer, type TrainerOptions, type TrainingOutcome } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { curveBlock } from './course.ts'
import { networkModel } from './describe-network.ts'
import { networkVersion } from './infer.ts'
import { designProblem, layerFacts, ownNetwork, presetNetwork } from './layer-list.ts'
import type { NetworkParams } from './params.ts'
import { type NetworkTask, readNetworkTask } from './read-task.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: NetworkParams
  readonly context: RunContext
}

/** Small designs below so many training rows. */
const largeRows = 20_000

export async function trainNetwork(run: Run): Promise<{ model: Model }> {
  const { params, context } = run
  const task = await readNetworkTask(run)
  const network = chooseNetwork(task, params)
  layerFacts(network)
  const options = trainerOptions({ network, loss: task.loss, optimizer: optimizerOf(params) }, params, context.seed)
  const outcome = await train(options, task.training, task.validation, context)
  const learner = {
    type: 'train/neural-network',
    version: networkVersion,
    params: { ...params } as unknown as JsonValue,
  }
  const model = await networkModel({ ...run, learner }, task, { network, ...learned(outcome) }, outcome)
  context.progress(1)
  return { model }
}

function chooseNetwork({ encoded: { shape }, tables, outputs }: NetworkTask, params: NetworkParams) {
  try {
    if (params.design === 'own') return ownNetwork(shape, params.layers, outputs)
    const large = params.design === 'large' || (params.design === 'auto' && tables.training.target.length >= largeRows)
    return presetNetwork(shape, large ? 'large' : 'small', outputs)
  } catch (error) {
    throw designProblem(error)
  }
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
