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

/** They are [rate, 0, decay] or [rate / (1 − β1ᵗ), 1 / √(1 − β2ᵗ), decay]; `step` t counts from 1. */
export function stepNumbers(optimizer: Optimizer, rate: number, step: number): readonly [number, number, number] {
  if (optimizer.kind === 'sgd') return [rate, 0, optimizer.weightDecay ?? 0]
  const { beta1 = 0.9, beta2 = 0.999, kind, weightDecay = kind === 'adamw' ? 0.01 : 0 } = optimizer
  const decay = kind === 'adamw' ? rate * weightDecay : weightDecay
  return [rate / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step), decay]
}

export interface OptimizerState {
  readonly parameters: Value
  readonly moments: readonly Value[]
}

/** Writes one step of the optimizer over the flat vectors; `numbers` are the step's numbers, [3]. */
export function optimize(
  tape: Tape,
  optimizer: Optimizer,
  state: OptimizerState,
  gradient: Value,
  numbers: Value,
): OptimizerState {
  const [first, second, decay] = split(tape, numbers, 0, [1, 1, 1]).map((value) => reshape(tape, value, []))
  const shrink = multiply(tape, state.parameters, decay!)
  if (optimizer.kind === 'sgd') return descend(tape, optimizer, state, add(tape, gradient, shrink), first!)
  const apart = optimizer.kind === 'adamw'
  const next = adapt(tape, optimizer, state, apart ? gradient : add(tape, gradient, shrink), first!, second!)
  return apart ? { ...next, parameters: subtract(tape, next.parameters, shrink) } : next
}

function descend(
  tape: Tape,
  { momentum = 0, nesterov = false }: Extract<Optimizer, { kind: 'sgd' }>,
  { parameters, moments }: OptimizerState,
  gradient: Value,
  rate: Value,
): OptimizerState {
  const velocity = add(tape, scale(tape, moments[0]!, momentum), gradient)
  const direction = nesterov ? add(tape, gradient, scale(tape, velocity, momentum)) : velocity
  return { parameters: subtract(tape, parameters, multiply(tape, direction, rate)), moments: [velocity] }
}

function adapt(
  tape: Tape,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: Extract<Optimizer, { kind: 'adam' | 'adamw' }>,
  { parameters, moments }: OptimizerState,
  gradient: Value,
  rate: Value,
  correction: Value,
): OptimizerState {
  const mean = add(tape, scale(tape, moments[0]!, beta1), scale(tape, gradient, 1 - beta1))
  const square = add(tape, scale(tape, moments[1]!, beta2), scale(tape, multiply(tape, gradient, gradient), 1 - beta2))
  const size = add(tape, multiply(tape, sqrt(tape, square), correction), tape.number(epsilon))
  const move = multiply(tape, divide(tape, mean, size), rate)
  return { parameters: subtract(tape, parameters, move), moments: [mean, square] }
}
