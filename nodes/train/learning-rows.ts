import { type Column, type Frame, type Model, type Problem, ProblemError, type RunContext, type Table } from '#contract'
import { columnOf, splitRows, takeRows } from '#ml/frame'
import { columnOfRole, featuresFor, isProblem, protectedNames, targetColumn } from '#ml/roles'
import { classTarget, knownClasses, numberTarget, rowWeights } from '#ml/target-cells'

/** What every learner starts from: the training rows whose target is known. */
export interface LearningRows {
  /** The features' columns at those rows. */
  readonly frame: Frame
  readonly features: readonly Column[]
  readonly target: Column
  readonly protected: readonly string[]
  readonly weights?: Float64Array
}
export interface ClassRows extends LearningRows {
  readonly codes: Int32Array
  readonly classes: readonly string[]
}
export interface NumberRows extends LearningRows {
  readonly values: Float64Array
}

/** What a table without features is told, by what it has instead. */
export function nothingToLearnFrom(columns: readonly Column[]): Problem {
  const pictures = columns.find(({ type, role }) => type === 'image' && (role === undefined || role === 'feature'))
  const path = ['inputs', 'table']
  return pictures
    ? {
        code: 'column-type',
        message: `The table has the pictures of ${pictures.name} and nothing else to learn from; this learner does not look at pictures.`,
        path,
        fix: 'Choose a neural network, which learns from pictures, or connect a table with other features',
        columns: [pictures.name],
      }
    : {
        code: 'role-missing',
        message: 'No column of the table may be used as a feature: all have other roles.',
        path,
        fix: 'Give the columns to learn from the role feature in the schema',
      }
}

/** What is wrong with the features of a preparation: columns the table does not have, or the target among them. */
export function preparationProblems(
  features: readonly Column[],
  columns: readonly Column[],
  target: Pick<Column, 'name'>,
): Problem[] {
  const there = new Set(columns.map(({ name }) => name))
  const missing = features.map(({ name }) => name).filter((name) => !there.has(name))
  const path = ['inputs', 'preparation']
  if (missing.length > 0)
    return [
      {
        code: 'column-unknown',
        message: `The table does not have ${missing.slice(0, 5).join(', ')}, which the preparation needs.`,
        path,
        fix: 'Connect the preparation and the table of the same data',
        columns: missing.slice(0, 20),
      },
    ]
  if (!features.some(({ name }) => name === target.name)) return []
  return [
    {
      code: 'not-supported',
      message: `The preparation uses ${target.name}, which is to be predicted.`,
      path,
      fix: `Leave ${target.name} out of the preparation, or choose another target`,
      columns: [target.name],
    },
  ]
}

export interface Source {
  readonly table: Table
  readonly preparation: Model | undefined
  readonly target: string
  /** The columns to learn from; all features unless told. */
  readonly features?: readonly Column[] | undefined
}

async function readRows({ table, preparation, target: named, features: chosen }: Source, context: RunContext) {
  const target = targetColumn(table.columns, named)
  if (isProblem(target)) throw new ProblemError(target)
  const features = preparation?.features ?? chosen ?? featuresFor(table.columns, target)
  const problems = preparation ? preparationProblems(features, table.columns, target) : []
  if (problems.length > 0) throw new ProblemError(problems)
  if (features.length === 0) throw new ProblemError(nothingToLearnFrom(table.columns))
  const weight = columnOfRole(table.columns, 'weight')
  const split = columnOfRole(table.columns, 'split')
  const extra = [weight, split].filter((column) => column !== undefined)
  const names = [...new Set([target, ...extra, ...features].map(({ name }) => name))]
  const frame = await context.tables.read(table, names)
  const rows = splitRows(frame, 'train')
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: frame.rows === 0 ? 'The table has no rows.' : `No row of ${split!.name} says train.`,
      path: ['inputs', 'table'],
      fix: frame.rows === 0 ? 'Connect a table with rows' : 'Divide the table into train, validation and test',
    })
  return { frame, rows, target, features, weight, protected: protectedNames(table.columns) }
}

type Read = Awaited<ReturnType<typeof readRows>>

function atRows({ frame, target, features, weight, protected: names }: Read, rows: Uint32Array, all: number) {
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `The target ${target.name} is missing in all ${all} training rows.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table in which the target is known',
      columns: [target.name],
    })
  const weights = rowWeights(weight && columnOf(frame, weight.name), rows)
  if (weights && !weights.some((value) => value > 0))
    throw new ProblemError({
      code: 'data-bad',
      message: `All weights in ${weight!.name} are 0 on the training rows.`,
      fix: `Take the role weight away from ${weight!.name}`,
      columns: [weight!.name],
    })
  const columns = features.map(({ name }) => columnOf(frame, name))
  return {
    frame: takeRows({ rows: frame.rows, columns }, rows),
    features,
    target,
    protected: names,
    ...(weights && { weights }),
  }
}

const sayLeftOut = (context: RunContext, count: number, target: Column) => {
  if (count > 0) context.log(`${count} training rows without ${target.name} are left out.`)
}

const constantTarget = (target: Column, value: string) =>
  new ProblemError({
    code: 'target-constant',
    message: `The target ${target.name} is ${value} in all training rows, so there is nothing to learn.`,
    path: ['params', 'target'],
    fix: 'Choose another target, or a table in which it varies',
    columns: [target.name],
  })

/** Training rows of a classification. Refuses a target with one class unless `constant` is allowed. */
export async function readClassRows(source: Source, context: RunContext, constant = false): Promise<ClassRows> {
  const read = await readRows(source, context)
  const { rows, codes, classes } = classTarget(columnOf(read.frame, read.target.name), read.rows)
  sayLeftOut(context, read.rows.length - rows.length, read.target)
  const learning = atRows(read, rows, read.rows.length)
  if (classes.length < 2 && !constant) throw constantTarget(read.target, classes[0]!)
  if (classes.length > 100)
    throw new ProblemError({
      code: 'not-supported',
      message: `The target ${read.target.name} has ${classes.length} different values; up to 100 classes can be told apart.`,
      path: ['params', 'target'],
      fix: 'Choose a target with fewer classes, or a method for numbers',
      columns: [read.target.name],
    })
  return { ...learning, codes, classes }
}

/** Training rows of a regression. Refuses a text target, and one with a single value unless `constant` is allowed. */
export async function readNumberRows(source: Source, context: RunContext, constant = false): Promise<NumberRows> {
  const read = await readRows(source, context)
  const { rows, values } = numberTarget(columnOf(read.frame, read.target.name), read.rows)
  sayLeftOut(context, read.rows.length - rows.length, read.target)
  const learning = atRows(read, rows, read.rows.length)
  if (!constant && values.every((value) => value === values[0])) throw constantTarget(read.target, String(values[0]))
  return { ...learning, values }
}

/** Some of the rows, by position. */
export function someRows<R extends ClassRows | NumberRows>(rows: R, at: Uint32Array): R {
  return {
    ...rows,
    frame: takeRows(rows.frame, at),
    ...(rows.weights && { weights: Float64Array.from(at, (row) => rows.weights![row]!) }),
    ...('codes' in rows
      ? { codes: Int32Array.from(at, (row) => rows.codes[row]!) }
      : { values: Float64Array.from(at, (row) => rows.values[row]!) }),
  }
}

/** The validation rows whose target is known, as the learner of `train` sees them; undefined where there are none. */
export async function readValidationRows<R extends ClassRows | NumberRows>(
  table: Table,
  train: R,
  context: RunContext,
): Promise<R | undefined> {
  const split = columnOfRole(table.columns, 'split')
  if (!split) return undefined
  const { target, features } = train
  const weight = columnOfRole(table.columns, 'weight')
  const names = [target, split, ...(weight ? [weight] : []), ...features].map(({ name }) => name)
  const frame = await context.tables.read(table, [...new Set(names)])
  const among = splitRows(frame, 'validation')
  const column = columnOf(frame, target.name)
  const known = 'codes' in train ? knownClasses(column, among, train.classes) : numberTarget(column, among)
  if (known.rows.length === 0) return undefined
  const weights = rowWeights(weight && columnOf(frame, weight.name), known.rows)
  const columns = features.map(({ name }) => columnOf(frame, name))
  const { weights: _, ...shared } = train
  return {
    ...shared,
    frame: takeRows({ rows: frame.rows, columns }, known.rows),
    ...(weights?.some((value) => value > 0) && { weights }),
    ...('codes' in known ? { codes: Int32Array.from(known.codes) } : { values: known.values }),
  } as unknown as R
}
