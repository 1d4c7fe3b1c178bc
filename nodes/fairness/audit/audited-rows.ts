import { type Frame, type Model, type Problem, ProblemError, type RunContext, type Table } from '#contract'
import type { Decisions } from '#ml/fairness/judge-groups'
import { columnOf, takeRows } from '#ml/frame'
import { decide } from '#ml/metrics/confusion'
import { columnOfRole, isProblem, targetColumn } from '#ml/roles'
import { classTarget, positiveClass, rowWeights } from '#ml/target-cells'
import { chosenRows, type JudgedClasses, judgeRows, type RowChoice } from '../../assess/judged-rows.ts'

/** The judged rows with what happened to each. */
export interface AuditedRows {
  readonly frame: Frame
  readonly split: string
  readonly scope: 'labels' | 'predictions'
  readonly favourable: string
  readonly decisions: Decisions
}

export interface AuditSource {
  readonly table: Table
  readonly model: Model | undefined
  readonly rows: RowChoice
  readonly target: string
  readonly favourable: string
  readonly columns: readonly string[]
}

export const notClasses = (target: string): Problem => ({
  code: 'not-supported',
  message: `The model predicts the number ${target}; an audit needs a favourable class.`,
  path: ['inputs', 'model'],
  fix: 'Connect a model of classes, or make a class of the number first',
})

export const unknownFavourable = (named: string, classes: readonly string[]): Problem => ({
  code: 'parameter-bad',
  message: `The favourable outcome "${named}" is not one of the classes.`,
  path: ['params', 'favourable'],
  fix: `Choose one of ${classes.slice(0, 12).join(', ')}`,
})

function favourableClass(classes: readonly string[], named: string, fallback: string): string {
  if (named !== '' && !classes.includes(named)) throw new ProblemError(unknownFavourable(named, classes))
  return positiveClass(classes, named || fallback)
}

/** What a model decides on the chosen rows, beside the truth. */
async function decisionsOf(source: AuditSource & { readonly model: Model }, context: RunContext): Promise<AuditedRows> {
  const { model } = source
  if (model.purpose === 'regression') throw new ProblemError(notClasses(model.target ?? 'target'))
  const judged = (await judgeRows(
    { model, table: source.table, rows: source.rows, extra: source.columns },
    context,
  )) as JudgedClasses
  const { classes, codes, scores, weights } = judged
  const favourable = favourableClass(classes, source.favourable, model.positive ?? '')
  const code = classes.indexOf(favourable)
  const positive = classes.indexOf(model.positive ?? '')
  const decided = decide(scores, classes.length, positive < 0 ? undefined : positive, model.threshold)
  return {
    frame: judged.frame,
    split: judged.split,
    scope: 'predictions',
    favourable,
    decisions: {
      favourable: Uint8Array.from(decided, (value) => Number(value === code)),
      actual: Uint8Array.from(codes, (value) => Number(value === code)),
      scores: Float64Array.from(codes, (_, row) => scores[row * classes.length + code]!),
      ...(weights && { weights }),
    },
  }
}

/** The labels themselves: what was decided about people in the data. */
async function labelsOf(source: AuditSource, context: RunContext): Promise<AuditedRows> {
  const { table } = source
  const target = targetColumn(table.columns, source.target)
  if (isProblem(target)) throw new ProblemError(target)
  const weight = columnOfRole(table.columns, 'weight')
  const split = columnOfRole(table.columns, 'split')
  const names = [target.name, weight?.name, split?.name, ...source.columns].filter((name) => name !== undefined)
  const whole = await context.tables.read(table, [...new Set(names)])
  const chosen = chosenRows(whole, source.rows)
  const { rows, codes, classes } = classTarget(columnOf(whole, target.name), chosen.rows)
  const left = chosen.rows.length - rows.length
  if (left > 0) context.log(`${left} rows without ${target.name} are left out.`, 'warning')
  const problem = labelProblem(target.name, classes)
  if (problem) throw new ProblemError(problem)
  const favourable = favourableClass(classes, source.favourable, '')
  const code = classes.indexOf(favourable)
  const weights = rowWeights(weight && columnOf(whole, weight.name), rows)
  return {
    frame: takeRows(whole, rows),
    split: chosen.split,
    scope: 'labels',
    favourable,
    decisions: { favourable: Uint8Array.from(codes, (value) => Number(value === code)), ...(weights && { weights }) },
  }
}

function labelProblem(target: string, classes: readonly string[]): Problem | undefined {
  if (classes.length === 0)
    return {
      code: 'rows-missing',
      message: `The target ${target} is missing in all chosen rows.`,
      path: ['inputs', 'table'],
      fix: `Connect a table in which ${target} is known`,
      columns: [target],
    }
  if (classes.length <= 100) return undefined
  return {
    code: 'column-type',
    message: `The target ${target} has ${classes.length} different values; an audit needs a favourable class among a few.`,
    path: ['params', 'target'],
    fix: 'Choose a target with classes',
    columns: [target],
  }
}

export async function auditedRows(source: AuditSource, context: RunContext): Promise<AuditedRows> {
  const { model } = source
  return model ? decisionsOf({ ...source, model }, context) : labelsOf(source, context)
}
