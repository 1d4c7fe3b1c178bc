import { add, cast, compare, divide, multiply, negate, scale, subtract, where } from './operators/arithmetic.ts'
import { abs, exp, softplus } from './operators/elementwise.ts'
import { reshape, slice } from './operators/layout.ts'
import { mean, sum } from './operators/reduction.ts'
import { logSoftmax } from './operators/softmax.ts'
import type { Tape, Value } from './tape.ts'

/**
 * What a network is trained for; definitions and defaults are PyTorch's.
 * - cross-entropy: −log softmax of the row's class.
 * - distillation: share · T² · KL(teacher ‖ network), both softened by the temperature T, plus (1 − share) · cross-entropy
 *   (Hinton, Vinyals & Dean 2015, arXiv 1503.02531).
 * - binary: cross-entropy of a sigmoid with targets in [0, 1], mean over the outputs.
 * - squared: mean over the outputs. - huber: r²/2 up to delta, then delta (|r| − delta/2) (Huber 1964).
 */
export type Loss =
  | { readonly kind: 'cross-entropy' }
  | { readonly kind: 'distillation'; readonly temperature: number; readonly share: number }
  | { readonly kind: 'binary' }
  | { readonly kind: 'squared' }
  | { readonly kind: 'huber'; readonly delta: number }

type Rule = (tape: Tape, outputs: Value, targets: Value) => Value

/** Numbers a row in the targets: the class; the class and the teacher's logits; one for each output. */
export function targetWidth(loss: Loss, outputs: number): number {
  if (loss.kind === 'cross-entropy') return 1
  return loss.kind === 'distillation' ? 1 + outputs : outputs
}

/** The loss of each row, [rows]: outputs [rows, width], targets [rows, targetWidth]. */
export function rowLosses(tape: Tape, loss: Loss, outputs: Value, targets: Value): Value {
  if (loss.kind === 'cross-entropy') return crossEntropy(tape, outputs, targets)
  if (loss.kind === 'binary') return binary(tape, outputs, targets)
  if (loss.kind === 'squared') return squared(tape, outputs, targets)
  if (loss.kind === 'huber') return huber(tape, subtract(tape, outputs, targets), loss.delta)
  const classes = outputs.shape[1]!
  const hard = crossEntropy(tape, outputs, slice(tape, targets, 1, 0, 1))
  const soft = divergence(tape, outputs, slice(tape, targets, 1, 1, 1 + classes), loss.temperature)
  return add(tape, scale(tape, soft, loss.share), scale(tape, hard, 1 - loss.share))
}

/** weight / Σ weight over the last axis; 0 where all weights are 0. */
export function weightShares(tape: Tape, weights: Value): Value {
  const total = sum(tape, weights, [weights.shape.length - 1], true)
  return divide(tape, weights, tape.apply('Max', [total, tape.number(1e-30)], { shape: total.shape }))
}

/** Σ share · loss. */
export const weightedMean = (tape: Tape, losses: Value, shares: Value): Value =>
  tape.compound([losses], (inner) => ({
    output: sum(inner, multiply(inner, losses, shares), [0]),
    backward: [(g) => multiply(tape, shares, g)],
  }))

const crossEntropy: Rule = (tape, outputs, targets) => {
  const classes = outputs.shape[1]!
  const numbers = tape.constant(
    tape.real,
    [1, classes],
    Array.from({ length: classes }, (_, index) => index),
  )
  // By the outputs: (softmax − 1 for the class) · gradient of the row.
  return tape.compound([outputs], (inner) => {
    const hit = compare(inner, 'Equal', targets, numbers)
    const logs = logSoftmax(inner, outputs)
    return {
      output: negate(inner, sum(inner, where(inner, hit, logs, inner.number(0)), [1])),
      backward: [
        (g) => {
          const apart = subtract(tape, exp(tape, logs), cast(tape, hit, tape.real))
          return multiply(tape, apart, reshape(tape, g, [g.shape[0]!, 1]))
        },
      ],
    }
  })
}

function divergence(tape: Tape, outputs: Value, teacher: Value, temperature: number): Value {
  const soften = (logits: Value) => logSoftmax(tape, scale(tape, logits, 1 / temperature))
  const known = soften(teacher)
  const apart = multiply(tape, exp(tape, known), subtract(tape, known, soften(outputs)))
  return scale(tape, sum(tape, apart, [1]), temperature ** 2)
}

const binary: Rule = (tape, outputs, targets) =>
  mean(tape, subtract(tape, softplus(tape, outputs), multiply(tape, outputs, targets)), [1])

const squared: Rule = (tape, outputs, targets) => {
  const residual = subtract(tape, outputs, targets)
  return mean(tape, multiply(tape, residual, residual), [1])
}

function huber(tape: Tape, residual: Value, delta: number): Value {
  const size = abs(tape, residual)
  const near = scale(tape, multiply(tape, residual, residual), 0.5)
  const far = scale(tape, subtract(tape, size, tape.number(delta / 2)), delta)
  return mean(tape, where(tape, compare(tape, 'LessOrEqual', size, tape.number(delta)), near, far), [1])
}
