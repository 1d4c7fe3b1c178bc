import { add, divide, multiply, scale, subtract } from './operators/arithmetic.ts'
import { sqrt } from './operators/elementwise.ts'
import { reshape, split } from './operators/layout.ts'
import type { Tape, Value } from './tape.ts'

/**
 * Rules and defaults are PyTorch's.
 * - sgd: b ← momentum b + g, p ← p − rate b; with Nesterov p ← p − rate (g + momentum b). Decay is added to g.
 * - adam (Kingma & Ba 2015, arXiv 1412.6980): m, v are running means of g and g², p ← p − rate m̂ / (√v̂ + ε). Decay is added to g.
 * - adamw (Loshchilov & Hutter 2019, arXiv 1711.05101): as adam, but p shrinks by rate · decay instead.
 */
export type Optimizer =
  | { readonly kind: 'sgd'; readonly momentum?: number; readonly nesterov?: boolean; readonly weightDecay?: number }
  | {
      readonly kind: 'adam' | 'adamw'
      readonly beta1?: number
      readonly beta2?: number
      readonly epsilon?: number
      readonly weightDecay?: number
    }

/** Vectors as long as the parameters that the optimizer remembers between steps; all begin as zeros. */
export const momentCount = (optimizer: Optimizer): number => (optimizer.kind === 'sgd' ? 1 : 2)

/** Numbers of a step that change from step to step, so that a schedule needs no new graph. */
export const stepNumbersCount = 3

const decayOf = ({ kind, weightDecay = kind === 'adamw' ? 0.01 : 0 }: Optimizer): number => weightDecay

/**
 * They are [rate, 0, decay], or for Adam [rate · r · (1 − β1) / (1 − β1ᵗ), ε r, decay] with r = √((1 − β2ᵗ) / (1 − β2)): the
 * order of computation that Kingma & Ba give at the end of their section 2, for moments that are sums instead of means.
 * `step` t counts from 1.
 */
export function stepNumbers(optimizer: Optimizer, rate: number, step: number): readonly [number, number, number] {
  const decay = decayOf(optimizer)
  if (optimizer.kind === 'sgd') return [rate, 0, decay]
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, kind } = optimizer
  const root = Math.sqrt((1 - beta2 ** step) / (1 - beta2))
  const share = (1 - beta1) / (1 - beta1 ** step)
  return [rate * root * share, epsilon * root, kind === 'adamw' ? rate * decay : decay]
}

/** One of a step's numbers, a scalar. */
export type StepNumber = (index: 0 | 1 | 2) => Value

/** Out of vectors of all three, [..., 3]. */
export function stepNumber(tape: Tape, numbers: Value): StepNumber {
  const rest = numbers.shape.slice(0, -1)
  const parts = split(tape, numbers, rest.length, [1, 1, 1])
  return (index) => reshape(tape, parts[index]!, rest)
}

export interface OptimizerState {
  readonly parameters: Value
  readonly moments: readonly Value[]
}

/** Writes one step of the optimizer over the flat vectors. */
export function optimize(
  tape: Tape,
  optimizer: Optimizer,
  state: OptimizerState,
  gradient: Value,
  number: StepNumber,
): OptimizerState {
  const apart = optimizer.kind === 'adamw'
  const shrink = decayOf(optimizer) === 0 ? undefined : multiply(tape, state.parameters, number(2))
  const slope = shrink && !apart ? add(tape, gradient, shrink) : gradient
  if (optimizer.kind === 'sgd') return descend(tape, optimizer, state, slope, number)
  const next = adapt(tape, optimizer, state, slope, number)
  return apart && shrink ? { ...next, parameters: subtract(tape, next.parameters, shrink) } : next
}

function descend(
  tape: Tape,
  { momentum = 0, nesterov = false }: Extract<Optimizer, { kind: 'sgd' }>,
  { parameters, moments }: OptimizerState,
  gradient: Value,
  number: StepNumber,
): OptimizerState {
  const velocity = add(tape, scale(tape, moments[0]!, momentum), gradient)
  const direction = nesterov ? add(tape, gradient, scale(tape, velocity, momentum)) : velocity
  return { parameters: subtract(tape, parameters, multiply(tape, direction, number(0))), moments: [velocity] }
}

function adapt(
  tape: Tape,
  { beta1 = 0.9, beta2 = 0.999 }: Extract<Optimizer, { kind: 'adam' | 'adamw' }>,
  { parameters, moments }: OptimizerState,
  gradient: Value,
  number: StepNumber,
): OptimizerState {
  const first = add(tape, scale(tape, moments[0]!, beta1), gradient)
  const second = add(tape, scale(tape, moments[1]!, beta2), multiply(tape, gradient, gradient))
  const move = divide(tape, multiply(tape, first, number(0)), add(tape, sqrt(tape, second), number(1)))
  return { parameters: subtract(tape, parameters, move), moments: [first, second] }
}
