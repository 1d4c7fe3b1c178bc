import { sizeOf } from '../shape.ts'
import type { Tape, Value } from '../tape.ts'
import { reshape, zeros } from './layout.ts'
import { expand } from './reduction.ts'

/**
 * Rows of a table by their numbers (an embedding): table [levels, ...], rows of any shape, integers. The gradient adds
 * up with ScatterElements, which goes in order; ScatterND adds from several threads at once.
 */
export function gatherRows(tape: Tape, table: Value, rows: Value): Value {
  const rest = table.shape.slice(1)
  return tape.apply('Gather', [table, rows], {
    shape: [...rows.shape, ...rest],
    attributes: { axis: { int: 0 } },
    backward: [
      (g) => {
        const count = sizeOf(rows.shape)
        const flat = reshape(tape, rows, [count, ...rest.map(() => 1)])
        return scatterAdd(tape, table.shape, expand(tape, flat, [count, ...rest]), reshape(tape, g, [count, ...rest]))
      },
    ],
  })
}

/** Zeros of a shape with the updates added at their positions along the first axis. */
export const scatterAdd = (tape: Tape, shape: readonly number[], positions: Value, updates: Value): Value =>
  tape.apply('ScatterElements', [zeros(tape, shape), positions, updates], {
    shape,
    attributes: { axis: { int: 0 }, reduction: { string: 'add' } },
  })
