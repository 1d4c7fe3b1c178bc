import { type FrameColumn, ProblemError } from '#contract'
import { textCells } from './frame.ts'

/** Rows whose target is known, with its value there. */
export interface ClassTarget {
  readonly rows: Uint32Array
  readonly codes: Int32Array
  /** Class names, sorted; every one occurs among the rows. */
  readonly classes: readonly string[]
}

/** The target as classes over the given rows; rows with a missing target are left out. */
export function classTarget(column: FrameColumn, rows: Uint32Array): ClassTarget {
  const { codes, levels } = textCells(column)
  const known = rows.filter((row) => codes[row]! >= 0)
  const present = [...new Set(Array.from(known, (row) => codes[row]!))].sort((a, b) => a - b)
  const code = new Map(present.map((original, index) => [original, index]))
  return {
    rows: known,
    codes: Int32Array.from(known, (row) => code.get(codes[row]!)!),
    classes: present.map((original) => levels[original]!),
  }
}

/** Codes of the target in the order of a model's classes; rows with a missing or unknown class are left out and counted. */
export function knownClasses(column: FrameColumn, rows: Uint32Array, classes: readonly string[]) {
  const { codes, levels } = textCells(column)
  const code = new Map(classes.map((name, index) => [name, index]))
  const index = levels.map((level) => code.get(level) ?? -1)
  const known = rows.filter((row) => codes[row]! >= 0 && index[codes[row]!]! >= 0)
  return { rows: known, codes: Int32Array.from(known, (row) => index[codes[row]!]!), left: rows.length - known.length }
}

/** The target as numbers over the given rows; rows with a missing target are left out. */
export function numberTarget({ name, cells }: FrameColumn, rows: Uint32Array) {
  if (cells.kind === 'text')
    throw new ProblemError({
      code: 'column-type',
      message: `The target ${name} is text where a number is needed.`,
      fix: `Read ${name} as a number, or choose a method for classes`,
      columns: [name],
    })
  const known = rows.filter((row) => Number.isFinite(cells.values[row]!))
  return { rows: known, values: Float64Array.from(known, (row) => cells.values[row]!) }
}

/** Sample weights at the given rows from a column of role weight; undefined without one. */
export function rowWeights(column: FrameColumn | undefined, rows: Uint32Array): Float64Array | undefined {
  if (!column) return undefined
  const { cells, name } = column
  const bad =
    cells.kind === 'text'
      ? [...rows]
      : [...rows].filter((row) => !(cells.values[row]! >= 0 && cells.values[row]! < Infinity))
  if (cells.kind === 'text' || bad.length > 0)
    throw new ProblemError({
      code: 'data-bad',
      message: `${bad.length} weights in ${name} are missing, negative or not numbers.`,
      fix: `Fill ${name} with numbers of at least 0, or take its role weight away`,
      columns: [name],
      rows: bad.slice(0, 20),
    })
  return Float64Array.from(rows, (row) => cells.values[row]!)
}

const affirmative = new Set(['yes', 'true', '1', 'y', 'approved', 'good'])

/** The positive class: the one named, which has to be there, else one that says yes, else the last in order. */
export function positiveClass(classes: readonly string[], named: string): string {
  if (named === '') return classes.find((name) => affirmative.has(name.toLowerCase())) ?? classes.at(-1)!
  if (classes.includes(named)) return named
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The positive class "${named}" is not among the classes ${classes.join(', ')}.`,
    path: ['params', 'positive'],
    fix: `Choose one of ${classes.join(', ')}`,
  })
}
