import type { Column, Frame, Slice } from '#contract'
import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'

type Field = readonly [name: string, type: Column['type'], of: (slice: Slice) => PlainCell]

const fields: readonly Field[] = [
  ['slice', 'text', ({ label }) => label],
  ['conditions', 'integer', ({ conditions }) => conditions.length],
  ['rows', 'integer', ({ rows }) => rows],
  ['errors', 'integer', ({ errors }) => errors],
  ['share_of_errors', 'number', ({ shareOfErrors }) => shareOfErrors],
  ['share_misclassified', 'number', ({ errorRate }) => errorRate.value],
  ['share_misclassified_low', 'number', ({ errorRate }) => errorRate.low ?? null],
  ['share_misclassified_high', 'number', ({ errorRate }) => errorRate.high ?? null],
  ['share_of_data', 'number', ({ shareOfData }) => shareOfData],
  ['room', 'number', ({ room }) => room],
  ['metric', 'number', ({ metric }) => metric.value],
  ['small', 'boolean', ({ small }) => small],
  ['chance', 'number', ({ chance }) => chance ?? null],
]

const nullable = new Set([
  'share_misclassified',
  'share_misclassified_low',
  'share_misclassified_high',
  'metric',
  'chance',
])

/** Columns of the table of slices. */
export const sliceColumns: readonly Column[] = fields.map(([name, type]) => ({
  name,
  type,
  nullable: nullable.has(name),
  role: 'label',
}))

/** A row a slice, in the order given. */
export const slicesFrame = (slices: readonly Slice[]): Frame =>
  frameOf(...fields.map(([name, type, of], at) => columnFrom(name, type, slices.map(of), sliceColumns[at]!)))
