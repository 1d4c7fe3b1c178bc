import type { Cells, Frame } from '#contract'
import { columnOf } from '../frame.ts'
import type { BoundRule } from './bind-rule.ts'
import type { Operator } from './parse-rule.ts'

/** 1 for the rows where the rule holds. A comparison with a missing cell never holds, `!=` included. */
export function applyRule(rule: BoundRule, frame: Frame): Uint8Array {
  const test = predicate(rule, frame)
  return Uint8Array.from({ length: frame.rows }, (_, row) => (test(row) ? 1 : 0))
}

const compare: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a < b || a > b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** An empty text counts as missing, as in the ONNX file of the rule. */
function missingTest(cells: Cells): (row: number) => boolean {
  if (cells.kind === 'number') return (row) => Number.isNaN(cells.values[row]!)
  const empty = cells.levels.indexOf('')
  return (row) => cells.codes[row]! < 0 || cells.codes[row] === empty
}

function predicate(rule: BoundRule, frame: Frame): (row: number) => boolean {
  if (rule.kind === 'and' || rule.kind === 'or') {
    const parts = rule.parts.map((part) => predicate(part, frame))
    return rule.kind === 'and' ? (row) => parts.every((part) => part(row)) : (row) => parts.some((part) => part(row))
  }
  const { cells } = columnOf(frame, rule.kind === 'missing' ? rule.column.name : rule.column)
  const isMissing = missingTest(cells)
  if (rule.kind === 'missing') return (row) => isMissing(row) === rule.missing
  if (cells.kind === 'text') {
    const code = rule.kind === 'text' ? cells.levels.indexOf(rule.value) : -2
    const equal = rule.operator === '='
    return (row) => !isMissing(row) && (cells.codes[row] === code) === equal
  }
  if (rule.kind !== 'number') return () => false
  const holds = compare[rule.operator]
  return (row) => holds(cells.values[row]!, rule.value)
}
