import { createGraph } from '#ml/onnx/graph-builder'
import { forward, layoutOf, unpack, vectorLength } from './forward.ts'
import { gradient } from './gradient.ts'
import { rowLosses, targetWidth, weightedMean, weightShares } from './losses.ts'
import type { Network } from './network.ts'
import { once } from './once.ts'
import { multiply } from './operators/arithmetic.ts'
import { factorsOf } from './operators/dropout.ts'
import { concat } from './operators/layout.ts'
import { presenceOf } from './operators/normalization.ts'
import { sum } from './operators/reduction.ts'
import { momentCount, optimize, stepNumber, stepNumbersCount } from './optimizers.ts'
import { createTape, type Tape, type Value } from './tape.ts'
import type { TrainingPlan } from './training-step.ts'

/** Some layers of a network in a row, which are computed together. */
export interface Stage {
  readonly network: Network
  readonly last: boolean
  /** Where its part of the flat vector of parameters begins, and how long it is. */
  readonly from: number
  readonly length: number
}

/** The network cut before some of its layers; no residual may be open there. */
export function stagesOf({ inputs, layers }: Network, cuts: readonly number[]): readonly Stage[] {
  let from = 0
  return [0, ...cuts].map((begin, index) => {
    const end = cuts[index] ?? layers.length
    const shape = begin === 0 ? inputs : layoutOf({ inputs, layers: layers.slice(0, begin) }).outputs
    const network = { inputs: shape, layers: layers.slice(begin, end) }
    const length = vectorLength(layoutOf(network).parameters)
    from += length
    return { network, last: end === layers.length, from: from - length, length }
  })
}

interface Run {
  readonly tape: Tape
  readonly x: Value
  readonly y: Value
  readonly weights: Value
  readonly parameters: Value
  readonly observed: readonly Value[]
}

/** Inputs `x`, `parameters`, `weights` [rows] and `seed`, and the layers over them as a training step has them. */
function runStage({ network }: Stage, rows: number, name: string): Run {
  const tape = createTape(createGraph(name))
  const { parameters: parts } = layoutOf(network)
  const x = tape.input('x', [rows, ...network.inputs])
  const parameters = tape.input('parameters', [vectorLength(parts)])
  const weights = tape.input('weights', [rows])
  const seed = tape.input('seed', [], 'int64')
  const observed: Value[] = []
  const training = {
    presence: once(() => presenceOf(tape, weights)),
    factors: factorsOf(tape, () => seed),
    observe: (mean: Value, variance: Value) => observed.push(mean, variance),
  }
  const values = vectorLength(parts) > 0 ? unpack(tape, parameters, parts) : []
  const y = forward(tape, network, x, { parameters: values, statistics: unusedStatistics(tape, network) }, training)
  return { tape, x, y, weights, parameters, observed }
}

/** Training looks at the batch's own figures; the running ones only have to be there. */
const unusedStatistics = (tape: Tape, network: Network): readonly Value[] =>
  layoutOf(network).statistics.map(({ shape }) => tape.constant('float', shape, new Float32Array(shape[0]!)))

/** What a stage hands on: output `y`. */
export function forwardStage(stage: Stage, rows: number): Uint8Array {
  const { tape, y } = runStage(stage, rows, 'forward')
  tape.output('y', y)
  return tape.graph.encode()
}

/**
 * Forward once more, then back: from `slope` by the stage's output, or from the loss of `targets` at the last stage, to
 * `gradient` by its parameters, `back` by its input, `observed` (means and variances of normalizations) and `loss`.
 */
export function backwardStage(stage: Stage, { loss }: TrainingPlan, rows: number): Uint8Array {
  const run = runStage(stage, rows, 'backward')
  const { tape, x, y, weights, parameters, observed } = run
  const scalar = stage.last
    ? weightedMean(tape, rowLosses(tape, loss, y, targetsOf(tape, loss, y, rows)), weightShares(tape, weights))
    : total(tape, multiply(tape, y, tape.input('slope', y.shape)))
  const [slope, back] = gradient(tape, scalar, [parameters, x])
  tape.output('gradient', slope!)
  tape.output('back', back!)
  if (observed.length > 0) tape.output('observed', concat(tape, [...observed], 0))
  if (stage.last) tape.output('loss', scalar)
  return tape.graph.encode()
}

const targetsOf = (tape: Tape, loss: TrainingPlan['loss'], y: Value, rows: number): Value =>
  tape.input('targets', [rows, targetWidth(loss, y.shape[1]!)])

const total = (tape: Tape, value: Value): Value =>
  sum(
    tape,
    value,
    value.shape.map((_, axis) => axis),
  )

/** One step of the optimizer from a gradient: `parameters`, `gradient`, moments and `numbers` to `NAME next`. */
export function updateGraph({ network, optimizer }: TrainingPlan): Uint8Array {
  const length = vectorLength(layoutOf(network).parameters)
  const tape = createTape(createGraph('update'))
  const parameters = tape.input('parameters', [length])
  const moments = Array.from({ length: momentCount(optimizer) }, (_, index) => tape.input(`moment${index}`, [length]))
  const slope = tape.input('gradient', [length])
  const numbers = tape.input('numbers', [stepNumbersCount])
  const next = optimize(tape, optimizer, { parameters, moments }, slope, stepNumber(tape, numbers))
  tape.output('parameters next', next.parameters)
  next.moments.forEach((moment, index) => {
    tape.output(`moment${index} next`, moment)
  })
  return tape.graph.encode()
}
