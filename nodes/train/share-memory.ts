import type { Frame } from '#contract'
import type { LearnerRows } from './learner.ts'

type Shareable = Float32Array | Float64Array | Int32Array | Uint8Array | Uint32Array

/** The same numbers on memory that all threads see, instead of a copy for each. */
export function sharedCopy<Values extends Shareable>(values: Values): Values {
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => Values
  const copy = new Kind(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}

export function sharedFrame(frame: Frame): Frame {
  const columns = frame.columns.map((column) => ({
    ...column,
    cells:
      column.cells.kind === 'number'
        ? { ...column.cells, values: sharedCopy(column.cells.values) }
        : { ...column.cells, codes: sharedCopy(column.cells.codes) },
  }))
  return { ...frame, columns }
}

export function sharedRows<Rows extends LearnerRows>(rows: Rows): Rows {
  return {
    ...rows,
    frame: sharedFrame(rows.frame),
    ...(rows.weights && { weights: sharedCopy(rows.weights) }),
    ...('codes' in rows ? { codes: sharedCopy(rows.codes) } : { values: sharedCopy(rows.values) }),
  }
}
