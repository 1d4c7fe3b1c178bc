import type { SessionTensor } from '#contract'
import type { Random } from '#ml/random/random'
import { type Draw, drawFactors } from './operators/dropout.ts'
import { stepNumbers } from './optimizers.ts'
import { rateFactor } from './schedule.ts'
import { sizeOf } from './shape.ts'
import type { Checkpoint, TrainerOptions } from './trainer.ts'
import type { TrainingData } from './training-data.ts'
import { factorsName } from './training-graphs.ts'

/** What all steps of a training share. */
export interface Course {
  readonly options: TrainerOptions
  readonly data: TrainingData
  readonly width: number
  readonly random: Random
  readonly batchRows: number
  readonly stepsPerEpoch: number
  readonly epochs: number
  readonly dropouts: readonly Draw[]
}

/** Takes steps of one epoch; results do not depend on how many at once. */
export interface Steps {
  advance(now: Checkpoint, count: number): Promise<Checkpoint>
  close(): Promise<void>
}

export const vector = (values: Float32Array, shape: readonly number[] = [values.length]): SessionTensor => ({
  type: 'float',
  shape,
  values,
})

/** Σ weight · loss and Σ weight with those of some steps. */
export function addLosses(
  running: Checkpoint['running'],
  losses: Float32Array,
  weights: Float32Array,
  batchRows: number,
) {
  let [sum, total] = running
  losses.forEach((loss, step) => {
    let weight = 0
    for (let k = step * batchRows; k < (step + 1) * batchRows; k++) weight += weights[k]!
    sum += weight * loss
    total += weight
  })
  return [sum, total] as const
}

/** Row numbers and weights of the steps from one on, all of the same epoch. */
export function batchesOf({ data, random, batchRows, stepsPerEpoch }: Course, step: number, count: number) {
  const epoch = Math.floor(step / stepsPerEpoch)
  const order = random.split('order').split(epoch).permutation(data.rows)
  const from = (step % stepsPerEpoch) * batchRows
  const rows = new Int32Array(count * batchRows).fill(order[0]!)
  rows.set(order.subarray(from, from + rows.length))
  const weights = new Float32Array(rows.length)
  const there = Math.min(rows.length, data.rows - from)
  if (data.weights) for (let k = 0; k < there; k++) weights[k] = data.weights[rows[k]!]!
  else weights.fill(1, 0, there)
  return { rows, weights }
}

export function numbersOf({ options, epochs, stepsPerEpoch }: Course, step: number, count: number): Float32Array {
  const { learningRate = 1e-3, schedule = { kind: 'constant' }, plan } = options
  const each = Array.from({ length: count }, (_, k) => {
    const at = step + k
    const factor = rateFactor(schedule, at, epochs * stepsPerEpoch, Math.floor(at / stepsPerEpoch))
    return stepNumbers(plan.optimizer, learningRate * factor, at + 1)
  })
  return Float32Array.from(each.flat())
}

/** Of dropout, by step, so that it does not depend on where a training was interrupted. */
const seedOf = (draw: Random, step: number) => draw.split(step).uint32() >>> 1

export function seedsOf({ dropouts, random }: Course, step: number, count: number): Record<string, SessionTensor> {
  if (dropouts.length === 0) return {}
  const draw = random.split('dropout')
  const values = BigInt64Array.from({ length: count }, (_, k) => BigInt(seedOf(draw, step + k)))
  return { seeds: { type: 'int64', shape: [count], values } }
}

/** What dropout multiplies by in some steps, drawn by the same seeds, always in the same memory. */
export function dropoutFactors({ dropouts, random, batchRows }: Course) {
  const seeds = random.split('dropout')
  const held = dropouts.map(() => new Float32Array(0))
  return (step: number, count: number): Record<string, SessionTensor> => {
    const tensors = dropouts.map(({ shape, share, layer }, index) => {
      const each = batchRows * sizeOf(shape)
      if (held[index]!.length < count * each) held[index] = new Float32Array(count * each)
      const factors = held[index]!.subarray(0, count * each)
      for (let k = 0; k < count; k++)
        drawFactors(factors.subarray(k * each, (k + 1) * each), { share, layer }, seedOf(seeds, step + k))
      return [factorsName(layer), vector(factors, [count, batchRows, ...shape])] as const
    })
    return Object.fromEntries(tensors)
  }
}
