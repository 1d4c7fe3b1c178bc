import {
  type Column,
  type Evaluation,
  type Frame,
  type Model,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { columnOf, type SplitName, splitRows, takeRows } from '#ml/frame'
import { columnOfRole } from '#ml/roles'
import { knownClasses, numberTarget, rowWeights } from '#ml/target-cells'

export const rowChoices = ['test', 'validation', 'train', 'all'] as const
export type RowChoice = (typeof rowChoices)[number]

/** The chosen part of a table, cut down to the rows whose target is known, with what the model says of them. */
export interface JudgedRows {
  /** All columns read, at the judged rows. */
  readonly frame: Frame
  /** Where each of them stands in the table. */
  readonly places: Uint32Array
  readonly split: string
  readonly weights?: Float64Array
  /** Raw model output, row-major. */
  readonly scores: Float64Array
}
export interface JudgedClasses extends JudgedRows {
  readonly task: 'classes'
  readonly codes: Int32Array
  readonly classes: readonly string[]
}
export interface JudgedNumbers extends JudgedRows {
  readonly task: 'numbers'
  readonly values: Float64Array
}
export type Judged = JudgedClasses | JudgedNumbers

/** The column a model predicts, in a table's columns. */
export function judgedTarget(model: Pick<Model, 'target'>, columns: readonly Column[]): Column {
  const target = columns.find(({ name }) => name === model.target)
  if (!target)
    throw new ProblemError({
      code: 'column-unknown',
      message: `The table does not have the column ${model.target}, which the model predicts.`,
      path: ['inputs', 'table'],
      fix: `Connect a table with ${model.target}`,
    })
  return target
}

/** Row numbers of the chosen part, and the word for it that evaluations carry. */
export function chosenRows(frame: Frame, choice: RowChoice): { readonly rows: Uint32Array; readonly split: string } {
  const split = columnOfRole(frame.columns, 'split')
  const every = choice === 'all' || !split
  const rows = every ? Uint32Array.from({ length: frame.rows }, (_, row) => row) : splitRows(frame, choice as SplitName)
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: every ? 'The table has no rows.' : `No row of ${split.name} says ${choice}.`,
      path: every ? ['inputs', 'table'] : ['params', 'rows'],
      fix: every ? 'Connect a table with rows' : 'Choose rows that the split has',
    })
  return { rows, split: every ? 'all' : choice }
}

/** Reads the columns needed, keeps the rows that can be judged and scores them through ONNX Runtime. */
export async function judgeRows(
  a: { readonly model: Model; readonly table: Table; readonly rows: RowChoice; readonly extra?: readonly string[] },
  context: RunContext,
): Promise<Judged> {
  const { model, table } = a
  if (model.purpose === 'preparation')
    throw new ProblemError({
      code: 'not-supported',
      message: 'The model at the input is a preparation and predicts nothing.',
      path: ['inputs', 'model'],
      fix: 'Connect the model of a train node',
    })
  const target = judgedTarget(model, table.columns)
  const weight = columnOfRole(table.columns, 'weight')
  const split = columnOfRole(table.columns, 'split')
  const known = new Set(table.columns.map(({ name }) => name))
  const names = [target.name, weight?.name, split?.name, ...model.features.map(({ name }) => name), ...(a.extra ?? [])]
  const wanted = [...new Set(names.filter((name) => name !== undefined && known.has(name)))] as string[]
  const whole = await context.tables.read(table, wanted)
  const chosen = chosenRows(whole, a.rows)
  const column = columnOf(whole, target.name)
  const regression = model.purpose === 'regression'
  const part = regression ? numberTarget(column, chosen.rows) : knownClasses(column, chosen.rows, model.classes ?? [])
  sayLeft(context, target.name, chosen.rows.length - part.rows.length)
  if (part.rows.length === 0) throw nothingToJudge(target.name, regression)
  const frame = takeRows(whole, part.rows)
  const weights = rowWeights(weight && columnOf(whole, weight.name), part.rows)
  const { values: scores } = await context.models.score(model, frame)
  const shared = { frame, places: part.rows, split: chosen.split, scores, ...(weights && { weights }) }
  return 'codes' in part
    ? { task: 'classes', ...shared, codes: part.codes, classes: model.classes ?? [] }
    : { task: 'numbers', ...shared, values: part.values }
}

function sayLeft(context: RunContext, target: string, count: number) {
  if (count > 0)
    context.log(
      `${count} rows are left out: ${target} is missing there or has a value the model does not know.`,
      'warning',
    )
}

const nothingToJudge = (target: string, regression: boolean) =>
  new ProblemError({
    code: 'rows-missing',
    message: `No chosen row has a ${target} ${regression ? 'that is known' : 'among the classes of the model'}.`,
    path: ['inputs', 'table'],
    fix: `Connect a table in which ${target} is known`,
    columns: [target],
  })

/** The head that all evaluations share. */
export function evaluationHead(
  hashes: { readonly model: Evaluation['model']; readonly table: Evaluation['model'] },
  table: Table,
  judged: Judged,
) {
  return {
    kind: 'evaluation' as const,
    ...(hashes.model && { model: hashes.model }),
    table: hashes.table ?? table.data,
    split: judged.split,
    rows: judged.frame.rows,
  }
}
