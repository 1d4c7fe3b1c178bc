import {
  type Frame,
  type FrameColumn,
  type Hash,
  type JsonValue,
  type Model,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { columnOf, splitRows } from '#ml/frame'
import type { Matrix } from '#ml/matrix'
import { createGraph } from '#ml/onnx/graph-builder'
import {
  applyPreparation,
  emitPreparation,
  fitPreparation,
  type KnownTarget,
  type MatrixColumn,
  matrixColumns,
  type Preparation,
  type PreparationOptions,
  type TextOptions,
  targetSteps,
} from '#ml/prepare/preparation'
import { isProblem, protectedNames, targetColumn } from '#ml/roles'
import { classTarget, numberTarget } from '#ml/target-cells'
import { chosenFeatures, columnProblems, usesTarget } from './check-columns.ts'
import { isRunningText, preparationOptions } from './options.ts'
import type { PrepareParams } from './params.ts'

export const prepareVersion = 1

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: PrepareParams
  readonly context: RunContext
}

/** The matrix as a table to look at, with the columns of other roles beside it. */
function preparedFrame(
  frame: Frame,
  prepared: Matrix,
  names: readonly MatrixColumn[],
  features: ReadonlySet<string>,
): Frame {
  const kept = frame.columns.filter(({ name, role }) => !features.has(name) && role !== undefined && role !== 'feature')
  const taken = new Set(kept.map(({ name }) => name))
  const made = names.map(({ name }, column): FrameColumn => {
    const values = Float64Array.from(
      { length: prepared.rows },
      (_, row) => prepared.values[row * prepared.columns + column]!,
    )
    let own = name
    while (taken.has(own)) own += ' (prepared)'
    taken.add(own)
    return { name: own, type: 'number', nullable: false, role: 'feature', cells: { kind: 'number', values } }
  })
  return { rows: frame.rows, columns: [...kept, ...made] }
}

interface Fitted {
  readonly preparation: Preparation
  /** Known at the rows it was fitted on, where columns are encoded by it. */
  readonly target?: KnownTarget
}

/** A preparation from elsewhere; on the very table it was fitted on, its training rows keep the codes of other folds. */
function given(model: Model, { inputs, hashes }: Run, frame: Frame): Fitted {
  const preparation = model.preparation as unknown as Preparation
  const same = model.training.table === (hashes.table ?? inputs.table.data)
  if (!same || targetSteps(preparation).length === 0) return { preparation }
  const { target } = model.learner.params as unknown as Pick<PrepareParams, 'target'>
  return { preparation, target: targetOf(frame, splitRows(frame, 'train'), target) }
}

function fitted(run: Run, frame: Frame): Fitted {
  const { inputs, params, context } = run
  if (inputs.preparation) return given(inputs.preparation, run, frame)
  const { columns } = inputs.table
  const problems = columnProblems(columns, params)
  if (problems.length > 0) throw new ProblemError(problems)
  const names = chosenFeatures(columns, params).map(({ name }) => name)
  const rows = splitRows(frame, 'train')
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: frame.rows === 0 ? 'The table has no rows to fit on.' : 'No row of the split says train.',
      path: ['inputs', 'table'],
      fix: frame.rows === 0 ? 'Connect a table with rows' : 'Connect the table of a split node',
    })
  context.log(`Fitted on ${rows.length} of ${frame.rows} rows.`)
  const options = preparationOptions(params, frame, rows, names, context.seed)
  warn(frame, names, rows, options, context)
  const target = usesTarget(columns, params) ? targetOf(frame, rows, params.target) : undefined
  return { preparation: fitPreparation(frame, names, rows, options, target), ...(target && { target }) }
}

/** What should be looked at, though it keeps nothing from working. */
function warn(
  frame: Frame,
  names: readonly string[],
  rows: Uint32Array,
  { text, overrides }: PreparationOptions,
  context: RunContext,
): void {
  const hollow = names.filter((name) => isHollow(columnOf(frame, name), rows))
  if (hollow.length > 0)
    context.log(`No value at all in the training rows: ${hollow.slice(0, 20).join(', ')}.`, 'warning')
  const long = names.filter((name) => {
    const encode = (overrides?.[name] as Partial<TextOptions> | undefined)?.encode ?? text.encode
    return ['one-hot', 'ordinal', 'hash'].includes(encode) && isRunningText(columnOf(frame, name), rows)
  })
  if (long.length > 0)
    context.log(
      `${long.slice(0, 20).join(', ')} read${long.length === 1 ? 's' : ''} like running text, but is treated as categories; choose words for running texts.`,
      'warning',
    )
}

/** The target at the training rows that have one: classes of a text or boolean, else numbers. */
function targetOf(frame: Frame, rows: Uint32Array, named: string): KnownTarget {
  const target = targetColumn(frame.columns, named)
  if (isProblem(target)) throw new ProblemError(target)
  const column = columnOf(frame, target.name)
  const classes = column.cells.kind === 'text' || column.type === 'boolean'
  const made = classes ? classTarget(column, rows) : numberTarget(column, rows)
  const known = 'codes' in made ? { rows: made.rows, values: made.codes, classes: made.classes } : made
  if (known.rows.length < 2 || ('classes' in known && known.classes.length > mostClasses))
    throw new ProblemError({
      code: known.rows.length < 2 ? 'rows-missing' : 'not-supported',
      message:
        known.rows.length < 2
          ? `The target ${target.name} is missing in nearly all training rows, so levels can not be encoded by it.`
          : `The target ${target.name} has more than ${mostClasses} different values; levels can not be encoded by so many.`,
      path: ['params', 'target'],
      fix: 'Choose another target, or another encoding',
      columns: [target.name],
    })
  return known
}

const mostClasses = 100

const isHollow = ({ cells }: FrameColumn, rows: Uint32Array) =>
  rows.every((row) => (cells.kind === 'text' ? cells.codes[row]! < 0 : Number.isNaN(cells.values[row]!)))

function describeModel(
  preparation: Preparation,
  bytes: Uint8Array,
  onnx: Hash,
  frame: Frame,
  { inputs, hashes, params, context }: Run,
): Model {
  const features = preparation.steps.map(({ name }) => {
    const { type, nullable, role } = columnOf(frame, name)
    return { name, type, nullable, ...(role && { role }) }
  })
  return {
    kind: 'model',
    purpose: 'preparation',
    onnx,
    onnxBytes: bytes.byteLength,
    features,
    protected: protectedNames(inputs.table.columns),
    learner: { type: 'prepare/prepare', version: prepareVersion, params: params as unknown as JsonValue },
    preparation: preparation as unknown as JsonValue,
    matrix: matrixColumns(preparation),
    training: { table: hashes.table ?? inputs.table.data, rows: splitRows(frame, 'train').length, seed: context.seed },
    metrics: [],
    engine: context.engine.version,
  }
}

/** The matrix and the table made of it are in memory at once. */
function checkMemory(rows: number, columns: number, { budget }: RunContext): void {
  const bytes = 2 * 8 * rows * columns
  if (bytes <= budget.bytes) return
  throw new ProblemError({
    code: 'out-of-memory',
    message: `${rows} rows of ${columns} prepared columns need about ${Math.ceil(bytes / 2 ** 20)} MB; the step may use ${Math.floor(budget.bytes / 2 ** 20)} MB.`,
    path: ['params', 'mostTerms'],
    fix: 'Keep fewer terms or levels, or take a sample of the rows',
  })
}

export async function prepareTable(run: Run): Promise<{ table: Table; preparation: Model }> {
  const { inputs, context } = run
  context.progress(0, 'reading')
  const frame = await context.tables.read(inputs.table)
  context.progress(0.2, 'fitting')
  const { preparation, target } = fitted(run, frame)
  context.progress(0.5, 'preparing')
  const names = matrixColumns(preparation)
  checkMemory(frame.rows, names.length, context)
  const features = new Set(preparation.steps.map(({ name }) => name))
  const matrix = applyPreparation(preparation, frame, target)
  const table = await context.tables.write(preparedFrame(frame, matrix, names, features))
  context.progress(0.9)
  if (inputs.preparation) return finish(table, inputs.preparation, context)
  const graph = createGraph('preparation')
  graph.node('Identity', [emitPreparation(graph, preparation)], {}, { outputs: ['x'] })
  graph.output('x', 'double', ['N', names.length])
  const bytes = graph.encode()
  const onnx = await context.blobs.put(bytes)
  return finish(table, describeModel(preparation, bytes, onnx, frame, run), context)
}

function finish(table: Table, preparation: Model, context: RunContext) {
  context.progress(1)
  return { table, preparation }
}
