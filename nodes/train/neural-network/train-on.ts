import { ProblemError, type ReportBlock, type RunContext } from '#contract'
import { onBestDevice } from '#ml/neural/best-device'
import { checkpointBytes, checkpointFrom } from '#ml/neural/checkpoint-bytes'
import type { deviceSteps } from '#ml/neural/device-steps'
import { parallelSteps, type Spread } from '#ml/neural/parallel-steps'
import { createTrainer, type TrainerOptions, type TrainingOutcome } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { type Course, curveBlock } from './course.ts'
import type { LayerFact } from './layer-list.ts'
import type { NetworkParams } from './params.ts'
import { openSpread, spreadOf, spreadWords } from './spread-training.ts'

interface Job {
  readonly training: TrainingData
  readonly validation: TrainingData | undefined
  readonly layers: readonly LayerFact[]
}
type Steps = ReturnType<typeof deviceSteps>

/** Trains on the device that is wanted, else on the CPU, and says why. */
export async function trainOn(
  options: TrainerOptions,
  job: Job,
  params: NetworkParams,
  context: RunContext,
): Promise<{ readonly outcome: TrainingOutcome; readonly device: Course['device'] }> {
  const spread = spreadOf(params, options)
  if (spread) return trainSpread(spread, options, job, context)
  const { result: outcome, device } = await onBestDevice(context.kernels, {
    wanted: params.device,
    work: products(job),
    train: (steps) => train(options, job, context, steps),
    warn: (reason) => context.log(reason, 'warning'),
  })
  return { outcome, device }
}

async function trainSpread(spread: Spread, options: TrainerOptions, job: Job, context: RunContext) {
  const side = openSpread(spread, options, job.training, context)
  try {
    const steps = parallelSteps(spread, side.work)
    const outcome = await train(side.options, job, context, steps, () => [{ block: 'text', text: side.usage() }])
    context.log(`Trained on ${side.usage()}`, 'info')
    return { outcome, device: { name: 'CPU', why: spreadWords(spread) } }
  } finally {
    await side.close()
  }
}

/** Multiplications of an epoch, forward and back: each parameter at each place of its layer's output. */
const products = ({ training, layers }: Job) =>
  3 * training.rows * layers.reduce((sum, { parameters, shape }) => sum + parameters * placesOf(shape), 0)

const placesOf = (shape: readonly number[]) =>
  shape.length === 3 ? shape[1]! * shape[2]! : shape.length === 2 ? shape[0]! : 1

/** Calls between two checkpoints within an epoch, each of some tenths of a second. */
const callsPerCheckpoint = 50

async function train(
  options: TrainerOptions,
  { training, validation }: Job,
  context: RunContext,
  steps: Steps | undefined,
  more: () => readonly ReportBlock[] = () => [],
): Promise<TrainingOutcome> {
  const kept = await context.checkpoint.read()
  const { patience, ...rest } = options
  // One thread: results depend on their number in the last bits.
  const open = await context.kernels.sessions(1)
  const trainer = await createTrainer(open, validation && patience ? options : rest, training, validation, steps)
  let calls = 0
  try {
    const outcome = await trainer.train({
      ...(kept && kept.length > 0 && { resume: checkpointFrom(kept) }),
      cancelled: () => context.signal.finishing,
      async onProgress({ fraction, epoch, loss, checkpoint, ended }) {
        context.progress(0.02 + 0.94 * fraction, `epoch ${epoch + 1} of ${options.epochs}, loss ${loss.toPrecision(3)}`)
        if (ended) context.show([curveBlock(checkpoint.history, checkpoint.best.epoch), ...more()])
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
