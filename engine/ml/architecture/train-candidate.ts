import type { OpenSession } from '#contract'
import type { TrainingDevice } from '../neural/best-device.ts'
import type { deviceSteps } from '../neural/device-steps.ts'
import { networkModel } from '../neural/export-network.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import type { Loss } from '../neural/losses.ts'
import type { Network } from '../neural/network.ts'
import type { Optimizer } from '../neural/optimizers.ts'
import type { Schedule } from '../neural/schedule.ts'
import { sizeOf } from '../neural/shape.ts'
import { createTrainer, type EpochRecord, type TrainingOutcome } from '../neural/trainer.ts'
import type { TrainingData } from '../neural/training-data.ts'
import { forecastCurve } from '../search/learning-curve.ts'
import { normalCdf } from '../statistics/normal.ts'

/** What all candidates of a search share. */
export interface CandidateSetting {
  readonly train: TrainingData
  readonly validation: TrainingData
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly learningRate: number
  /** Of the learning rate; constant unless told. */
  readonly schedule?: Schedule
  readonly batchRows: number
  readonly patience: number
}

export interface CandidateJob {
  readonly network: Network
  readonly seed: number
  readonly epochs: number
  /** Share of the training rows; the first ones, which the caller has put in a drawn order. 1 unless told. */
  readonly rowShare?: number
  /** Pictures at half their height and width, for the training and for the judgement. */
  readonly smaller?: boolean
  /** Weights that a parent hands down. */
  readonly start?: { readonly parameters: Float32Array; readonly statistics: Float32Array }
  /** The lowest validation loss of a finished candidate: who is forecast not to come below it ends early. */
  readonly toBeat?: number
}

export interface CandidateResult {
  /** Accuracy of classes or R² of numbers on the validation rows, weighted. NaN when the training diverged. */
  readonly quality: number
  /** Lowest validation loss. */
  readonly loss: number
  readonly epochs: number
  readonly reason: TrainingOutcome['reason'] | 'forecast'
  readonly history: readonly EpochRecord[]
  readonly parameters: Float32Array
  readonly statistics: Float32Array
  /** Where it was trained; the CPU unless told. */
  readonly device?: TrainingDevice
}

/** Trains a candidate on the training rows, on the CPU unless told, and judges it on the validation rows. */
export async function trainCandidate(
  open: OpenSession,
  setting: CandidateSetting,
  job: CandidateJob,
  cancelled?: () => boolean,
  steps?: ReturnType<typeof deviceSteps>,
): Promise<CandidateResult> {
  const { loss, optimizer, learningRate, schedule, batchRows, patience } = setting
  const { network, train, validation } = examplesOf(setting, job)
  const trainer = await createTrainer(
    open,
    {
      plan: { network, loss, optimizer },
      seed: job.seed,
      epochs: job.epochs,
      learningRate,
      batchRows,
      patience,
      ...(schedule && { schedule }),
      ...(job.start && { start: job.start }),
    },
    train,
    validation,
    steps,
  )
  let hopeless = false
  try {
    const outcome = await trainer.train({
      ...(cancelled && { cancelled }),
      afterEpoch(history) {
        hopeless = job.toBeat !== undefined && isHopeless(history, job.epochs, job.toBeat)
        return hopeless
      },
    })
    const { parameters, statistics, history } = outcome
    const best = Math.min(...history.map(({ validationLoss }) => validationLoss ?? Number.POSITIVE_INFINITY))
    return {
      quality:
        outcome.reason === 'diverged' ? Number.NaN : judged(await trainer.validationOutputs(outcome), loss, validation),
      loss: best,
      epochs: history.length,
      reason: hopeless ? 'forecast' : outcome.reason,
      history,
      parameters,
      statistics,
    }
  } finally {
    await trainer.close()
  }
}

/** How sure the forecast must be that the rest is not worth its time (Domhan et al. 2015 have 0.95). */
const certainty = 0.95

/** Whether the curve will, as good as surely, not come below a loss by its last epoch. */
export function isHopeless(history: readonly EpochRecord[], epochs: number, toBeat: number): boolean {
  if (history.length >= epochs) return false
  const values = history.map(({ validationLoss }) => validationLoss ?? Number.NaN)
  if (Math.min(...values) < toBeat) return false
  const steps = values.map((_, index) => index + 1)
  const forecast = forecastCurve(steps, values, epochs)
  if (!forecast) return false
  return normalCdf((toBeat - forecast.value) / Math.max(forecast.deviation, 1e-12)) < 1 - certainty
}

/** What a candidate learns from, and the network that takes it. */
function examplesOf({ train, validation }: CandidateSetting, { network, rowShare = 1, smaller }: CandidateJob) {
  const part = firstRows(train, rowShare)
  if (!smaller) return { network, train: part, validation }
  const [channels, height, width] = network.inputs as Shape
  const inputs: Shape = [channels, Math.ceil(height / 2), Math.ceil(width / 2)]
  const half = (data: TrainingData) => ({ ...data, features: halved(data, [channels, height, width]) })
  return { network: { ...network, inputs }, train: half(part), validation: half(validation) }
}

type Shape = readonly [channels: number, height: number, width: number]

/** The mean of each 2 × 2 pixels; an odd side's last pixels count twice. */
export function halved(
  { rows, features }: Pick<TrainingData, 'rows' | 'features'>,
  [channels, height, width]: Shape,
): Float32Array {
  const [down, across] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const half = new Float32Array(rows * channels * down * across)
  for (let at = 0; at < half.length; at++) {
    const x = 2 * (at % across)
    const y = 2 * (Math.floor(at / across) % down)
    const plane = Math.floor(at / (across * down)) * height * width
    const [below, right] = [Math.min(y + 1, height - 1), Math.min(x + 1, width - 1)]
    const pixel = (i: number, j: number) => features[plane + i * width + j]!
    half[at] = (pixel(y, x) + pixel(y, right) + pixel(below, x) + pixel(below, right)) / 4
  }
  return half
}

function firstRows(data: TrainingData, share: number): TrainingData {
  const rows = Math.max(1, Math.round(share * data.rows))
  if (rows >= data.rows) return data
  const part = (values: Float32Array) => values.subarray(0, (values.length / data.rows) * rows)
  return {
    rows,
    features: part(data.features),
    targets: part(data.targets),
    ...(data.weights && { weights: part(data.weights) }),
  }
}

const chunkRows = 2_048

/** Weighted accuracy for classes, weighted R² for numbers. */
export const networkQuality = (
  open: OpenSession,
  trained: TrainedNetwork,
  loss: Loss,
  data: TrainingData,
): Promise<number> => modelQuality(open, networkModel(trained, loss.kind), trained.network.inputs, loss, data)

/** The same of a model with the input `features` [rows, ...inputs], as `networkModel` and `quantizedModel` make it. */
export async function modelQuality(
  open: OpenSession,
  model: Uint8Array,
  inputs: readonly number[],
  loss: Loss,
  data: TrainingData,
): Promise<number> {
  return judged(await modelScores(open, model, inputs, data), loss, data)
}

/** Of what a model or a network gives for each row: a softmax or sigmoid behind the network changes no class. */
function judged(scores: Float32Array | Float64Array, loss: Loss, data: TrainingData): number {
  const width = scores.length / data.rows
  if (loss.kind === 'squared' || loss.kind === 'huber') return explained(data, (row) => scores[row * width]!)
  return accuracy(data, (row) =>
    width === 1 ? Number(scores[row]! > 0) : largestAt(scores, row * width, (row + 1) * width),
  )
}

/** How far behind `from` the first of the largest stands. */
function largestAt(scores: Float32Array | Float64Array, from: number, to: number): number {
  let best = from
  for (let at = from + 1; at < to; at++) if (scores[at]! > scores[best]!) best = at
  return best - from
}

/** What such a model gives for each row: class probabilities or numbers, row-major. */
export async function modelScores(
  open: OpenSession,
  model: Uint8Array,
  inputs: readonly number[],
  data: Pick<TrainingData, 'rows' | 'features'>,
): Promise<Float64Array> {
  const session = await open(model)
  const each = sizeOf(inputs)
  let scores = new Float64Array(0)
  try {
    for (let from = 0; from < data.rows; from += chunkRows) {
      const rows = Math.min(chunkRows, data.rows - from)
      const values = data.features.slice(from * each, (from + rows) * each)
      const found = await session.run({
        features: { type: 'float', shape: [rows, ...inputs], values },
      })
      const part = Object.values(found)[0]!.values as Float64Array
      if (from === 0) scores = new Float64Array((part.length / rows) * data.rows)
      scores.set(part, (scores.length / data.rows) * from)
    }
  } finally {
    await session.release()
  }
  return scores
}

function accuracy({ rows, targets, weights }: TrainingData, classOf: (row: number) => number): number {
  const each = targets.length / rows
  let [right, total] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1
    if (classOf(row) === targets[row * each]) right += weight
    total += weight
  }
  return right / total
}

function explained({ rows, targets, weights }: TrainingData, predicted: (row: number) => number): number {
  const weight = (row: number) => weights?.[row] ?? 1
  let [sum, total] = [0, 0]
  for (let row = 0; row < rows; row++) {
    sum += weight(row) * targets[row]!
    total += weight(row)
  }
  let [left, whole] = [0, 0]
  for (let row = 0; row < rows; row++) {
    left += weight(row) * (targets[row]! - predicted(row)) ** 2
    whole += weight(row) * (targets[row]! - sum / total) ** 2
  }
  return whole === 0 ? Number.NaN : 1 - left / whole
}
