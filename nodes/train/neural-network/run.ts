import type { Hash, JsonValue, Model, RunContext, Table } from '#contract'
import type { Optimizer } from '#ml/neural/optimizers'
import type { Schedule } from '#ml/neural/schedule'
import type { TrainerOptions, TrainingOutcome } from '#ml/neural/trainer'
import { networkModel } from './describe-network.ts'
import { networkVersion } from './infer.ts'
import { designProblem, layerFacts, ownNetwork, presetNetwork } from './layer-list.ts'
import type { NetworkParams } from './params.ts'
import { type NetworkTask, readNetworkTask } from './read-task.ts'
import { trainOn } from './train-on.ts'

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
  const { training, validation } = task
  const options = trainerOptions(network, task.loss, params, context.seed)
  const job = { training, validation, layers: layerFacts(network) }
  const { outcome, device } = await trainOn(options, job, params.device, context)
  const learner = {
    type: 'train/neural-network',
    version: networkVersion,
    params: { ...params } as unknown as JsonValue,
  }
  const model = await networkModel({ ...run, learner }, task, { network, ...learned(outcome) }, { ...outcome, device })
  context.progress(1)
  return { model }
}

export function chooseNetwork({ encoded: { shape }, tables, outputs }: NetworkTask, params: NetworkParams) {
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

export function trainerOptions(
  network: TrainerOptions['plan']['network'],
  loss: TrainerOptions['plan']['loss'],
  params: NetworkParams,
  seed: number,
): TrainerOptions {
  const { batch: batchRows, epochs, learningRate, patience } = params
  return {
    plan: { network, loss, optimizer: optimizerOf(params) },
    seed,
    batchRows,
    epochs,
    learningRate,
    schedule: scheduleOf(params),
    ...(patience > 0 && { patience }),
  }
}

/** Before the first epoch has ended there is no best one yet: then the newest parameters count. */
export function learned({ bestEpoch, parameters, statistics, checkpoint }: TrainingOutcome) {
  if (bestEpoch >= 0) return { parameters, statistics }
  return { parameters: checkpoint.state.parameters!, statistics: checkpoint.state.statistics ?? new Float32Array(0) }
}
