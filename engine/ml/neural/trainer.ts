import type { OpenSession } from '#contract'
import { createRandom } from '#ml/random/random'
import type { Course, Steps } from './course.ts'
import { createEvaluator, type Judgement } from './evaluate.ts'
import { startVector } from './forward.ts'
import { loopSteps } from './loop-steps.ts'
import { momentCount } from './optimizers.ts'
import type { Schedule } from './schedule.ts'
import { sizeOf } from './shape.ts'
import { allFinite, checkTrainingData, type TrainingData } from './training-data.ts'
import { checkedLayout, type TrainingPlan } from './training-step.ts'

export interface TrainerOptions {
  readonly plan: TrainingPlan
  readonly seed: number
  /** Rows a step; 256 unless told, at most all. */
  readonly batchRows?: number
  /** Times through the data; 20 unless told. */
  readonly epochs?: number
  /** 0.001 unless told. */
  readonly learningRate?: number
  readonly schedule?: Schedule
  /** Epochs without a better validation loss after which the training ends; never unless told. */
  readonly patience?: number
  /** How much lower a validation loss counts as better; 0 unless told. */
  readonly minimumGain?: number
  /** Pruning, when the plan is masked: 1 keeps a parameter, 0 drops it. */
  readonly mask?: Float32Array
  /** Where the parameters begin; drawn from the seed unless told. */
  readonly start?: { readonly parameters: Float32Array; readonly statistics: Float32Array }
  /** Steps between two looks at progress and cancel; from the size of the network unless told. Results do not depend on it. */
  readonly stepsPerCall?: number
}

export interface EpochRecord {
  readonly epoch: number
  /** Mean over the epoch's steps, while the parameters move. */
  readonly loss: number
  readonly validationLoss?: number
}

/** What a training goes on from: structured-clone data, made of the flat vectors. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number
  readonly state: Readonly<Record<string, Float32Array>>
  readonly best: {
    readonly epoch: number
    readonly loss: number
    readonly state: Readonly<Record<string, Float32Array>>
  }
  /** Σ weight · loss and Σ weight of the epoch under way. */
  readonly running: readonly [number, number]
  readonly history: readonly EpochRecord[]
}

export interface TrainingOutcome {
  readonly reason: 'finished' | 'stopped-early' | 'cancelled' | 'diverged'
  /** Of the epoch with the best validation loss; without validation data, of the last. */
  readonly parameters: Float32Array
  readonly statistics: Float32Array
  /** Counted from 0; -1 before the first epoch's end. */
  readonly bestEpoch: number
  readonly history: readonly EpochRecord[]
  readonly checkpoint: Checkpoint
}

export interface TrainingHooks {
  /** After each call; the training waits for it. */
  readonly onProgress?: (done: {
    readonly fraction: number
    readonly epoch: number
    readonly loss: number
    readonly checkpoint: Checkpoint
    /** Ends of epochs, where there is a new record. */
    readonly ended: boolean
  }) => void | Promise<void>
  readonly cancelled?: () => boolean
  /** Looks at the curve after each epoch; true ends the training early. */
  readonly afterEpoch?: (history: readonly EpochRecord[]) => boolean
  /** Goes on from here, with the bytes that an uninterrupted training has. */
  readonly resume?: Checkpoint
}

export interface Trainer {
  train(hooks?: TrainingHooks): Promise<TrainingOutcome>
  /** What the network gives for the validation rows, before any softmax or sigmoid: [rows, outputs], row-major. */
  validationOutputs(trained: Pick<TrainingOutcome, 'parameters' | 'statistics'>): Promise<Float32Array>
  close(): Promise<void>
}

type State = Checkpoint['state']

/**
 * Trains a network, on the CPU many steps a call unless other steps are given. Every row once an epoch in an order drawn from the seed; the last batch
 * is filled with rows of weight 0. The same options and data give the same bytes.
 */
export async function createTrainer(
  open: OpenSession,
  options: TrainerOptions,
  data: TrainingData,
  validation?: TrainingData,
  makeSteps: (open: OpenSession, course: Course) => Promise<Steps> = loopSteps,
): Promise<Trainer> {
  const { plan, epochs = 20 } = options
  const { layout, outputs, targets } = checkedLayout(plan)
  for (const part of validation ? [data, validation] : [data])
    checkTrainingData(part, plan.network, plan.loss, outputs, targets)
  const random = createRandom(options.seed)
  const batchRows = Math.min(options.batchRows ?? 256, data.rows)
  const stepsPerEpoch = Math.ceil(data.rows / batchRows)
  const parameters = options.start?.parameters ?? startVector(layout.parameters, random.split('start'))
  const statistics = options.start?.statistics ?? startVector(layout.statistics, random)
  const pixels = sizeOf(plan.network.inputs.slice(1))
  const { dropouts } = layout
  const drawn = batchRows * dropouts.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const stepsPerCall = options.stepsPerCall ?? callSteps(batchRows * parameters.length * pixels, drawn)
  const course: Course = { options, data, width: targets, random, batchRows, stepsPerEpoch, epochs, dropouts }
  const brief = epochs * data.rows * parameters.length * pixels < briefWork
  const openFor: OpenSession = (model) => open(model, brief)
  const steps = await makeSteps(openFor, course)
  const evaluator = validation && (await createEvaluator(openFor, plan, validation, options.mask))

  /** The best state as it was judged. */
  let judged: (Judgement & { readonly state: State }) | undefined

  async function train(hooks: TrainingHooks = {}): Promise<TrainingOutcome> {
    let now = hooks.resume ?? begin(plan, parameters, statistics)
    const end = (reason: TrainingOutcome['reason']) => outcome(reason, now, validation !== undefined, options.mask)
    while (now.step < epochs * stepsPerEpoch) {
      if (hooks.cancelled?.()) return end('cancelled')
      const left = stepsPerEpoch - (now.step % stepsPerEpoch)
      const next = await steps.advance(now, Math.min(stepsPerCall, left))
      if (!staysFinite(next)) return end('diverged')
      now = next.step % stepsPerEpoch === 0 ? await endEpoch(next) : next
      await hooks.onProgress?.({
        fraction: now.step / (epochs * stepsPerEpoch),
        epoch: Math.floor((next.step - 1) / stepsPerEpoch),
        loss: next.running[0] / Math.max(next.running[1], 1e-30),
        checkpoint: now,
        ended: now !== next,
      })
      if (next.step % stepsPerEpoch === 0 && hooks.afterEpoch?.(now.history)) return end('stopped-early')
      if (now.history.length - 1 - now.best.epoch >= (options.patience ?? Number.POSITIVE_INFINITY))
        return end('stopped-early')
    }
    return end('finished')
  }

  async function endEpoch(now: Checkpoint): Promise<Checkpoint> {
    const epoch = now.step / stepsPerEpoch - 1
    const loss = now.running[0] / Math.max(now.running[1], 1e-30)
    const judgement = await evaluator?.judge(now.state)
    const validationLoss = judgement?.loss
    const better = validationLoss === undefined || validationLoss < now.best.loss - (options.minimumGain ?? 0)
    if (better && judgement) judged = { ...judgement, state: now.state }
    const best = better ? { epoch, loss: validationLoss ?? loss, state: now.state } : now.best
    const record = { epoch, loss, ...(validationLoss !== undefined && { validationLoss }) }
    return { ...now, best, running: [0, 0], history: [...now.history, record] }
  }

  return {
    train,
    async validationOutputs({ parameters, statistics }) {
      if (judged?.state.parameters === parameters) return judged.outputs
      const state = { parameters, ...(statistics.length > 0 && { statistics }) }
      return (await evaluator?.judge(state))?.outputs ?? new Float32Array(0)
    },
    async close() {
      await steps.close()
      await evaluator?.close()
    },
  }
}

/** Parameters times rows of a training of about a second. */
const briefWork = 1e9

/** Numbers of dropout in a call: two megabytes. */
const mostDrawn = 5e5

/** Steps that take about a tenth of a second. */
const callSteps = (cost: number, drawn: number) =>
  Math.max(1, Math.min(256, Math.round(1e8 / cost), Math.floor(mostDrawn / drawn)))

function begin(plan: TrainingPlan, parameters: Float32Array, statistics: Float32Array): Checkpoint {
  const moments = Array.from({ length: momentCount(plan.optimizer) }, (_, index): [string, Float32Array] => [
    `moment${index}`,
    new Float32Array(parameters.length),
  ])
  const state: State = { parameters, ...Object.fromEntries(moments), ...(statistics.length > 0 && { statistics }) }
  return { step: 0, state, best: { epoch: -1, loss: Number.POSITIVE_INFINITY, state }, running: [0, 0], history: [] }
}

function outcome(
  reason: TrainingOutcome['reason'],
  checkpoint: Checkpoint,
  judged: boolean,
  mask: Float32Array | undefined,
): TrainingOutcome {
  const { parameters, statistics } = judged ? checkpoint.best.state : checkpoint.state
  return {
    reason,
    parameters: mask ? parameters!.map((value, index) => value * mask[index]!) : parameters!,
    statistics: statistics ?? new Float32Array(0),
    bestEpoch: checkpoint.best.epoch,
    history: checkpoint.history,
    checkpoint,
  }
}

const staysFinite = ({ running, state }: Checkpoint): boolean =>
  Number.isFinite(running[0]) && allFinite(state.parameters!)
