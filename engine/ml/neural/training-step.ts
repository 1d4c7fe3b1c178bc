import { forward, layoutOf, type NetworkLayout, unpack, vectorLength } from './forward.ts'
import { gradient } from './gradient.ts'
import { type Loss, rowLosses, targetWidth, weightedMean } from './losses.ts'
import type { Network, VectorPart } from './network.ts'
import { add, multiply, scale } from './operators/arithmetic.ts'
import type { Draw } from './operators/dropout.ts'
import { fakeQuantize } from './operators/fake-quantize.ts'
import { concat } from './operators/layout.ts'
import type { Presence } from './operators/normalization.ts'
import { momentCount, type Optimizer, optimize, type StepNumber } from './optimizers.ts'
import type { Tape, Value } from './tape.ts'

/** What a training graph is made from. */
export interface TrainingPlan {
  readonly network: Network
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** Pruning: parameters are multiplied by a mask of the same length. */
  readonly masked?: boolean
  /** Quantization-aware: weights are rounded as int8 would, gradients pass through. */
  readonly quantized?: boolean
}

/** The share of a batch's statistics in the running ones (PyTorch's momentum). */
const statisticsShare = 0.1

/** The rows of one step. */
export interface Batch {
  readonly x: Value
  readonly targets: Value
  /** What each row counts of the loss, [rows]. */
  readonly shares: Value
  /** Which rows only fill up the batch; asked for where there is batch normalization. */
  presence(): Presence
  /** Of dropout. */
  factors(draw: Draw): Value
  /** Of the optimizer. */
  readonly number: StepNumber
  readonly mask?: Value
}

/** Names of the vectors that a step takes and gives back: parameters, moments, running statistics. */
export function stateFacts(plan: TrainingPlan, layout: NetworkLayout): readonly { name: string; length: number }[] {
  const length = vectorLength(layout.parameters)
  const moments = Array.from({ length: momentCount(plan.optimizer) }, (_, index) => ({
    name: `moment${index}`,
    length,
  }))
  const statistics = vectorLength(layout.statistics)
  const facts = [{ name: 'parameters', length }, ...moments]
  return statistics > 0 ? [...facts, { name: 'statistics', length: statistics }] : facts
}

/** A network with the loss it is trained for, checked to fit each other. */
export function checkedLayout({ network, loss }: Pick<TrainingPlan, 'network' | 'loss'>) {
  const layout = layoutOf(network)
  const [width, ...more] = layout.outputs
  if (width === undefined || more.length > 0)
    throw new RangeError(`A network for training gives one vector a row, not [${layout.outputs}]`)
  return { layout, outputs: width, targets: targetWidth(loss, width) }
}

/** The values a network computes with: masked, and rounded where the plan wants it. */
export function workingParameters(
  tape: Tape,
  plan: TrainingPlan,
  parts: readonly VectorPart[],
  vector: Value,
  mask: Value | undefined,
): readonly Value[] {
  const values = unpack(tape, mask ? multiply(tape, vector, mask) : vector, parts)
  if (!plan.quantized) return values
  return values.map((value, index) => (parts[index]!.role === 'weights' ? fakeQuantize(tape, value) : value))
}

/** Forward, backward and optimizer of one batch: the state after it, in the order of `stateFacts`, and the loss. */
export function trainingStep(
  tape: Tape,
  plan: TrainingPlan,
  layout: NetworkLayout,
  batch: Batch,
  state: readonly Value[],
): { readonly state: readonly Value[]; readonly loss: Value } {
  const moments = state.slice(1, 1 + momentCount(plan.optimizer))
  const running = state[1 + moments.length]
  const parameters = workingParameters(tape, plan, layout.parameters, state[0]!, batch.mask)
  const statistics = running ? unpack(tape, running, layout.statistics) : []
  const observed: Value[] = []
  const outputs = forward(
    tape,
    plan.network,
    batch.x,
    { parameters, statistics },
    { ...batch, observe: (mean, variance) => observed.push(mean, variance) },
  )
  const loss = weightedMean(tape, rowLosses(tape, plan.loss, outputs, batch.targets), batch.shares)
  const [slope] = gradient(tape, loss, [state[0]!])
  const next = optimize(tape, plan.optimizer, { parameters: state[0]!, moments }, slope!, batch.number)
  const after = running ? [moved(tape, running, concat(tape, observed, 0))] : []
  return { state: [next.parameters, ...next.moments, ...after], loss }
}

const moved = (tape: Tape, running: Value, batch: Value): Value =>
  add(tape, scale(tape, running, 1 - statisticsShare), scale(tape, batch, statisticsShare))
