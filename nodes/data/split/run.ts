import { type Column, type Frame, type FrameColumn, ProblemError, type RunContext, type Table } from '#contract'
import { columnOf, textCells } from '#ml/frame'
import {
  type Assignment,
  assignGroups,
  assignHash,
  assignRandom,
  assignStratified,
  assignTime,
  splitRandom,
} from './assign-parts.ts'
import { type SplitOptions, splitColumns } from './columns.ts'

const partNames = ['train', 'validation', 'test'] as const

function assign(
  frame: Frame,
  by: Column | undefined,
  shares: readonly number[],
  options: SplitOptions,
  seed: number,
): Assignment {
  const random = splitRandom(seed)
  if (!by || options.method === 'random') return assignRandom(frame.rows, shares, random)
  const column = columnOf(frame, by.name)
  if (options.method === 'stratified') return assignStratified(column, shares, random)
  if (options.method === 'hash') return assignHash(column, shares, seed)
  return options.method === 'time' ? assignTime(column, shares) : assignGroups(column, shares, random)
}

function emptyParts(parts: Assignment, shares: readonly number[], isFolds: boolean): void {
  const counts = shares.map(() => 0)
  for (const part of parts) counts[part]!++
  const empty = counts.findIndex((count, part) => count === 0 && shares[part]! > 0)
  if (empty < 0) return
  throw new ProblemError({
    code: 'rows-missing',
    message: `${isFolds ? `Fold ${empty + 1}` : `The part ${partNames[empty]}`} gets none of the ${parts.length} rows.`,
    path: ['inputs', 'table'],
    fix: isFolds ? 'Choose fewer folds' : 'Give it a larger share, or bring more rows',
  })
}

/** Parts as text cells with sorted levels, or folds from 1 as whole numbers. */
function splitCells(parts: Assignment, isFolds: boolean): FrameColumn['cells'] {
  if (isFolds) return { kind: 'number', values: Float64Array.from(parts, (part) => part + 1) }
  const levels = [...partNames].sort()
  const code = partNames.map((name) => levels.indexOf(name))
  return { kind: 'text', codes: Int32Array.from(parts, (part) => code[part]!), levels }
}

const spellings: Readonly<Record<string, (typeof partNames)[number]>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  holdout: 'test',
}

/** Takes a column as it is when it says train, validation and test or whole numbers; other spellings are rewritten. */
async function takeExisting(table: Table, columns: readonly Column[], by: Column, context: RunContext): Promise<Table> {
  const [column] = (await context.tables.read(table, [by.name])).columns
  const { codes, levels } = textCells(column!)
  const used = levels.filter((_, code) => codes.includes(code))
  const isFolds = column!.type === 'integer'
  const unknown = isFolds ? [] : used.filter((level) => spellings[level.trim().toLowerCase()] === undefined)
  const missing = codes.filter((code) => code < 0).length
  if (unknown.length > 0 || missing > 0 || used.length === 0)
    throw new ProblemError({
      code: 'data-bad',
      message:
        unknown.length > 0
          ? `The column "${by.name}" says ${unknown
              .slice(0, 5)
              .map((level) => `"${level}"`)
              .join(', ')}, which is neither train, validation nor test.`
          : `The column "${by.name}" says nothing in ${missing} rows.`,
      path: ['params', 'by'],
      columns: [by.name],
      fix: 'Choose a column that says train, validation or test in every row',
    })
  if (isFolds || used.every((level) => spellings[level] === level)) return { ...table, columns }
  const frame = await context.tables.read(table)
  const parts = Uint8Array.from(codes, (code) => partNames.indexOf(spellings[levels[code]!.trim().toLowerCase()]!))
  return context.tables.write({
    rows: frame.rows,
    columns: columns.map((each, index) => ({
      ...each,
      cells: each.name === by.name ? splitCells(parts, false) : frame.columns[index]!.cells,
    })),
  })
}

export async function splitTable(a: {
  inputs: { readonly table: Table }
  params: SplitOptions
  context: RunContext
}): Promise<{ table: Table }> {
  const { inputs, params, context } = a
  const plan = splitColumns(inputs.table.columns, params)
  if (!plan.ok) throw new ProblemError(plan.problems)
  context.progress(0, 'reading')
  if (params.method === 'existing') {
    const table = await takeExisting(inputs.table, plan.columns, plan.by!, context)
    context.progress(1)
    return { table }
  }
  const frame = await context.tables.read(inputs.table)
  context.progress(0.4, 'assigning rows')
  const isFolds = params.folds > 1
  const shares = isFolds ? new Array<number>(params.folds).fill(1) : [params.train, params.validation, params.test]
  const parts = assign(frame, plan.by, shares, params, context.seed)
  emptyParts(parts, shares, isFolds)
  context.progress(0.6, 'writing')
  const cells = new Map(frame.columns.map((column) => [column.name, column.cells]))
  const table = await context.tables.write({
    rows: frame.rows,
    columns: plan.columns.map((column) => ({
      ...column,
      cells: column.role === 'split' ? splitCells(parts, isFolds) : cells.get(column.name)!,
    })),
  })
  context.progress(1)
  return { table }
}
