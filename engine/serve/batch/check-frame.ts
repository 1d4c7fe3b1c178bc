import type { Column, Frame, FrameColumn, SchemaColumn } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnPlan, expectedOf } from '../row-check.ts'

/** Which rows of a frame may be scored, and why the others may not. */
export interface CheckedFrame {
  readonly kept: Uint32Array
  readonly rejected: readonly { readonly row: number; readonly reason: string }[]
}

const mostReasons = 3
type Fault = (row: number) => string | undefined

/** The rules of `rowReader` for columns in memory: what a served row is refused for, a row of a batch is rejected for. */
export function frameChecker(
  features: readonly Column[],
  contract: readonly SchemaColumn[] = [],
): (frame: Frame) => CheckedFrame {
  const plan = features.map((feature) =>
    columnPlan(
      feature,
      contract.find(({ name }) => name === feature.name),
    ),
  )
  return (frame) => {
    const tests = plan.map((one) => faultsOf(one, columnOf(frame, one.column.name)))
    const kept: number[] = []
    const rejected: { row: number; reason: string }[] = []
    for (let row = 0; row < frame.rows; row++) {
      const faults: string[] = []
      for (const test of tests) {
        const fault = test(row)
        if (fault !== undefined && faults.length < mostReasons) faults.push(fault)
      }
      if (faults.length === 0) kept.push(row)
      else rejected.push({ row, reason: faults.join('; ') })
    }
    return { kept: Uint32Array.from(kept), rejected }
  }
}

/** What is wrong with a column's cell; of texts each level is looked at once. */
function faultsOf({ column, read, test }: ReturnType<typeof columnPlan>, given: FrameColumn): Fault {
  const sentence = (got: string, expected: string) => `${column.name}: ${got} where ${expected} is expected`
  const judge = (value: number | string, shown: () => string): string | undefined => {
    const plain = plainValue(column, value)
    if (read(plain) === undefined) return sentence(shown(), expectedOf(column))
    return test && !test.holds(value) ? sentence(shown(), test.expected) : undefined
  }
  const missing = column.nullable ? undefined : sentence('nothing', expectedOf(column))
  const { cells } = given
  if (cells.kind === 'text') {
    const faults = cells.levels.map((level) => judge(level, () => JSON.stringify(level.slice(0, 80))))
    return (row) => (cells.codes[row]! < 0 ? missing : faults[cells.codes[row]!])
  }
  return (row) => {
    const value = cells.values[row]!
    return Number.isNaN(value) ? missing : judge(value, () => cellText(given, row)!)
  }
}

/** A cell as JSON would bring it. */
function plainValue({ type }: Column, value: number | string): unknown {
  if (typeof value === 'string') return value
  if (type === 'boolean') return value === 0 ? false : value === 1 ? true : value
  return type === 'date' && Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : value
}
