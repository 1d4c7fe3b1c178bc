import {
  type Column,
  type Frame,
  type FrameColumn,
  type Hash,
  type JsonValue,
  type Model,
  type Problem,
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
  type MatrixColumn,
  matrixColumns,
  type NumberOptions,
  type Preparation,
  type PreparationOptions,
  preparationDefaults,
  type TextOptions,
} from '#ml/prepare/preparation'
import { isFeature, protectedNames } from '#ml/roles'

export const prepareVersion = 1

export interface PrepareParams {
  readonly columns: readonly string[]
  readonly numberImpute: 'median' | 'mean' | 'mode' | 'constant'
  readonly constant: number
  readonly indicator: boolean
  readonly scale: 'standard' | 'none'
  readonly textImpute: 'category' | 'mode'
  readonly rareShare: number
  readonly rareRows: number
  readonly mostLevels: number
  readonly overrides: readonly { readonly column: string; readonly impute: string; readonly scale: string }[]
}

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: PrepareParams
  readonly context: RunContext
}

export function chosenFeatures(columns: readonly Column[], chosen: readonly string[]): readonly Column[] {
  return columns.filter((column) => (chosen.length > 0 ? chosen.includes(column.name) : isFeature(column)))
}

/** What is wrong with the chosen columns and the rules for single ones. */
export function columnProblems(columns: readonly Column[], params: PrepareParams): Problem[] {
  const features = chosenFeatures(columns, params.columns)
  if (features.length === 0) return [noFeatures(params.columns.length > 0 ? 'params' : 'inputs')]
  return [
    ...features.filter((column) => !isFeature(column)).map(notFeature),
    ...params.overrides.flatMap((override, index) => overrideProblems(override, index, features)),
  ]
}

const notFeature = ({ name, role, type }: Column): Problem => ({
  code: 'not-supported',
  message: `${name} ${role && role !== 'feature' ? `has the role ${role}` : `holds ${type}s`}; a preparation is made of features alone.`,
  path: ['params', 'columns'],
  fix: `Remove ${name} from the columns`,
  columns: [name],
})

const imputations = {
  text: ['same', 'category', 'mode'],
  number: ['same', 'median', 'mean', 'mode', 'constant'],
} as const

function overrideProblems(
  { column: name, impute }: PrepareParams['overrides'][number],
  index: number,
  features: readonly Column[],
): Problem[] {
  const column = features.find((candidate) => candidate.name === name)
  if (!column)
    return [
      {
        code: 'column-unknown',
        message: `"${name}" is not among the prepared columns, so no other rule can hold for it.`,
        path: ['params', 'overrides', index, 'column'],
        fix: 'Choose one of the prepared columns, or remove the row',
      },
    ]
  const allowed: readonly string[] = imputations[column.type === 'text' ? 'text' : 'number']
  if (allowed.includes(impute)) return []
  return [
    {
      code: 'parameter-bad',
      message: `${name} is ${column.type}; missing values of it can not become ${impute === 'category' ? 'a category' : `the ${impute}`}.`,
      path: ['params', 'overrides', index, 'impute'],
      fix: `Choose one of ${allowed.join(', ')}`,
      columns: [name],
    },
  ]
}

/** The node's parameters as options of the fit; an override changes what it names and leaves the rest. */
export function preparationOptions(params: PrepareParams, columns: readonly Column[]): PreparationOptions {
  const overrides = params.overrides.map(({ column, impute, scale }) => {
    const text = columns.some(({ name, type }) => name === column && type === 'text')
    const own = { ...(impute === 'same' ? {} : { impute }), ...(scale === 'same' || text ? {} : { scale }) }
    return [column, own as Partial<NumberOptions> | Partial<TextOptions>] as const
  })
  return {
    ...preparationDefaults,
    number: {
      impute: params.numberImpute,
      constant: params.constant,
      indicator: params.indicator,
      scale: params.scale,
    },
    text: {
      ...preparationDefaults.text,
      impute: params.textImpute,
      rareShare: params.rareShare,
      rareRows: params.rareRows,
      mostLevels: params.mostLevels,
    },
    overrides: Object.fromEntries(overrides),
  }
}

const noFeatures = (where: 'inputs' | 'params') =>
  ({
    code: 'role-missing',
    message: 'No column is left to prepare: all have roles other than feature.',
    path: where === 'inputs' ? ['inputs', 'table'] : ['params', 'columns'],
    fix: 'Choose the columns here, or give them the role feature in the schema',
  }) as const

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

function fitted({ inputs, params, context }: Run, frame: Frame): Preparation {
  if (inputs.preparation) return inputs.preparation.preparation as unknown as Preparation
  const problems = columnProblems(inputs.table.columns, params)
  if (problems.length > 0) throw new ProblemError(problems)
  const features = chosenFeatures(inputs.table.columns, params.columns)
  const rows = splitRows(frame, 'train')
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: frame.rows === 0 ? 'The table has no rows to fit on.' : 'No row of the split says train.',
      path: ['inputs', 'table'],
      fix: frame.rows === 0 ? 'Connect a table with rows' : 'Connect the table of a split node',
    })
  context.log(`Fitted on ${rows.length} of ${frame.rows} rows.`)
  const names = features.map(({ name }) => name)
  const hollow = names.filter((name) => isHollow(columnOf(frame, name), rows))
  if (hollow.length > 0)
    context.log(`No value at all in the training rows: ${hollow.slice(0, 20).join(', ')}.`, 'warning')
  return fitPreparation(frame, names, rows, preparationOptions(params, features))
}

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

export async function prepareTable(run: Run): Promise<{ table: Table; preparation: Model }> {
  const { inputs, context } = run
  context.progress(0, 'reading')
  const frame = await context.tables.read(inputs.table)
  context.progress(0.2, 'fitting')
  const preparation = fitted(run, frame)
  context.progress(0.5, 'preparing')
  const names = matrixColumns(preparation)
  const features = new Set(preparation.steps.map(({ name }) => name))
  const table = await context.tables.write(preparedFrame(frame, applyPreparation(preparation, frame), names, features))
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
