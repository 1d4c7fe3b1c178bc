import type { Optimizer } from '#ml/neural/optimizers'
import type { Schedule } from '#ml/neural/schedule'
import type { TrainerOptions, TrainingOutcome } from '#ml/neural/trainer'
import { designProblem, ownNetwork, presetNetwork } from './layer-list.ts'
import type { NetworkParams } from './params.ts'
import type { NetworkTask } from './read-task.ts'

/** Small designs below so many training rows. */
const largeRows = 20_000

/** What auto stands for with these rows. */
export function designOf({ tables }: Pick<NetworkTask, 'tables'>, { design }: Pick<NetworkParams, 'design'>) {
  if (design !== 'auto') return design
  return tables.training.target.length >= largeRows ? 'large' : 'small'
}

export function chooseNetwork({ encoded: { shape }, tables, outputs }: NetworkTask, params: NetworkParams) {
  try {
    if (params.design === 'own') return ownNetwork(shape, params.layers, outputs)
    return presetNetwork(shape, designOf({ tables }, params) === 'large' ? 'large' : 'small', outputs)
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
