import { add } from './operators/arithmetic.ts'
import { zeros } from './operators/layout.ts'
import type { Tape, Value } from './tape.ts'

/**
 * Reverse-mode differentiation (Griewank & Walther 2008, "Evaluating derivatives", ch. 3): writes the operators that
 * compute the gradient of a scalar by each of the values, and only those that these gradients need.
 */
export function gradient(tape: Tape, loss: Value, by: readonly Value[]): readonly Value[] {
  const entries = [...tape.entries]
  const moving = dependents(entries, by)
  const gradients = new Map<string, Value>([[loss.name, tape.number(1)]])
  const gather = (value: Value, part: Value) => {
    const before = gradients.get(value.name)
    gradients.set(value.name, before ? add(tape, before, part) : part)
  }
  for (const { inputs, outputs, backward } of entries.reverse()) {
    const incoming = outputs.map(({ name }) => gradients.get(name))
    if (incoming.every((one) => one === undefined)) continue
    inputs.forEach((input, index) => {
      const back = backward[index]
      if (back && moving.has(input.name)) gather(input, back(incoming))
    })
  }
  return by.map((value) => gradients.get(value.name) ?? zeros(tape, value.shape))
}

/** Names of the values through which a gradient reaches one of these. */
function dependents(entries: Tape['entries'], by: readonly Value[]): ReadonlySet<string> {
  const moving = new Set(by.map(({ name }) => name))
  for (const { inputs, outputs, backward } of entries)
    if (inputs.some(({ name }, index) => backward[index] && moving.has(name)))
      for (const { name } of outputs) moving.add(name)
  return moving
}
