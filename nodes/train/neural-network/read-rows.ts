import { type Frame, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { columnOf, splitRows, takeRows } from '#ml/frame'
import { balancedWeights } from '#ml/linear/logistic'
import { createRandom } from '#ml/random/random'
import { columnOfRole, protectedNames } from '#ml/roles'
import { classTarget, knownClasses, numberTarget, rowWeights } from '#ml/target-cells'
import type { NetworkPlan } from './infer.ts'
import type { TaskParams } from './read-task.ts'

/** Rows whose target is known. */
export interface NetworkRows {
  readonly frame: Frame
  /** Class codes, or numbers. */
  readonly target: Float64Array
  /** From the column of role weight. */
  readonly weights?: Float64Array
}

export interface NetworkTables {
  readonly training: NetworkRows
  readonly validation?: NetworkRows
  /** `split` when the table has validation rows, else `held out`. */
  readonly validatedOn: 'split' | 'held out' | 'nothing'
  readonly classes?: readonly string[]
  readonly protected: readonly string[]
}

interface Source {
  readonly table: Table
  readonly plan: NetworkPlan
  readonly params: TaskParams
  readonly preparation: Model | undefined
}

export async function readNetworkRows({ table, plan, params }: Source, context: RunContext): Promise<NetworkTables> {
  const { target, features } = plan
  const extra = (['weight', 'split'] as const).flatMap((role) => columnOfRole(table.columns, role)?.name ?? [])
  const names = [...new Set([target.name, ...extra, ...features.map(({ name }) => name)])]
  const frame = await context.tables.read(table, names)
  const known = usableRows(frame, plan, splitRows(frame, 'train'))
  const { rows, classes } =
    plan.task === 'classes' ? learnedClasses(frame, plan, known) : learnedNumbers(frame, plan, known)
  if (rows.length === 0) throw noRows(frame, target.name)
  const at = (some: Uint32Array) => rowsAt(frame, plan, some, classes)
  const given = columnOfRole(table.columns, 'split') ? splitRows(frame, 'validation') : new Uint32Array(0)
  const judged = usableRows(frame, plan, given)
  const shared = { ...(classes && { classes }), protected: protectedNames(table.columns) }
  const split = judged.length > 0 ? at(judged) : undefined
  if (split && split.target.length > 0)
    return { training: at(rows), validation: split, validatedOn: 'split', ...shared }
  const held = heldOut(rows, params.heldOut, context.seed)
  if (held.length === 0) return { training: at(rows), validatedOn: 'nothing', ...shared }
  const out = new Set(held)
  const training = at(rows.filter((row) => !out.has(row)))
  return { training, validation: at(held), validatedOn: 'held out', ...shared }
}

/** Rows with a picture, where pictures are learned from. */
function usableRows(frame: Frame, { input, features }: NetworkPlan, rows: Uint32Array): Uint32Array {
  if (input !== 'image') return rows
  const { cells } = columnOf(frame, features[0]!.name)
  return rows.filter((row) => cells.kind === 'text' && cells.codes[row]! >= 0)
}

function learnedClasses(frame: Frame, { target }: NetworkPlan, among: Uint32Array) {
  const { rows, classes } = classTarget(columnOf(frame, target.name), among)
  if (classes.length >= 2 && classes.length <= 1_000) return { rows, classes }
  if (rows.length === 0) return { rows, classes }
  throw new ProblemError({
    code: classes.length < 2 ? 'target-constant' : 'not-supported',
    message:
      classes.length < 2
        ? `The target ${target.name} is ${classes[0]} in all training rows, so there is nothing to learn.`
        : `The target ${target.name} has ${classes.length} different values; up to 1,000 classes can be told apart.`,
    path: ['params', 'target'],
    fix: 'Choose another target, or a table in which it varies between few classes',
    columns: [target.name],
  })
}

function learnedNumbers(frame: Frame, { target }: NetworkPlan, among: Uint32Array) {
  const { rows, values } = numberTarget(columnOf(frame, target.name), among)
  if (rows.length === 0 || values.some((value) => value !== values[0])) return { rows, classes: undefined }
  throw new ProblemError({
    code: 'target-constant',
    message: `The target ${target.name} is ${values[0]} in all training rows, so there is nothing to learn.`,
    path: ['params', 'target'],
    fix: 'Choose another target, or a table in which it varies',
    columns: [target.name],
  })
}

/** The rows at which the target is known, with it. */
function rowsAt(
  frame: Frame,
  { target, task, features }: NetworkPlan,
  among: Uint32Array,
  classes: readonly string[] | undefined,
): NetworkRows {
  const column = columnOf(frame, target.name)
  const { rows, values } =
    task === 'classes'
      ? (({ rows, codes }) => ({ rows, values: Float64Array.from(codes) }))(knownClasses(column, among, classes ?? []))
      : numberTarget(column, among)
  const weights = rowWeights(
    frame.columns.find(({ role }) => role === 'weight'),
    rows,
  )
  if (rows.length > 0 && weights && !weights.some((value) => value > 0))
    throw new ProblemError({
      code: 'data-bad',
      message: `All weights are 0 on ${rows.length} rows.`,
      path: ['inputs', 'table'],
      fix: 'Take the role weight away from the column',
    })
  const columns = features.map(({ name }) => columnOf(frame, name))
  return { frame: takeRows({ rows: frame.rows, columns }, rows), target: values, ...(weights && { weights }) }
}

/** At least 40 rows are needed before some are held out. */
export function heldOut(rows: Uint32Array, share: number, seed: number): Uint32Array {
  if (rows.length < 40 || share === 0) return new Uint32Array(0)
  const order = createRandom(seed).split('held out').permutation(rows.length)
  const count = Math.max(1, Math.round(rows.length * share))
  return Uint32Array.from(order.slice(0, count), (place) => rows[place]!).sort()
}

/** Weights of the training rows with those of their classes; undefined where all are 1. */
export function trainingWeights(
  { target, weights }: NetworkRows,
  classes: number,
  { classWeight }: TaskParams,
): Float64Array | undefined {
  return classes > 0 && classWeight === 'balanced' ? balancedWeights(target, classes, weights) : weights
}

const noRows = (frame: Frame, target: string) =>
  new ProblemError({
    code: 'rows-missing',
    message:
      frame.rows === 0
        ? 'The table has no rows.'
        : `No training row has a known ${target} and something to learn from.`,
    path: ['inputs', 'table'],
    fix:
      frame.rows === 0
        ? 'Connect a table with rows'
        : 'Connect a table with training rows in which the target is known',
  })
