import { type Column, type Model, type Problem, ProblemError, type RunContext, type Table } from '#contract'
import { columnOf } from '#ml/frame'
import { createRandom } from '#ml/random/random'
import type { LearnerRows } from '../learner.ts'
import { readValidationRows, someRows } from '../learning-rows.ts'
import { stratifiedFolds } from '../linear/cross-validate.ts'
import { sharedCopy, sharedRows } from '../share-memory.ts'
import { kindWord, readLearnerRows } from '../train-with.ts'
import { type Goal, goalFor } from './metric.ts'
import type { TuneParams } from './params.ts'
import type { TuningPlan } from './plan.ts'
import type { TrialSetup } from './trial-member.ts'

interface Source {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly params: TuneParams
  readonly context: RunContext
}

export interface Judging {
  readonly setup: TrialSetup
  readonly goal: Goal
  /** Fits a trial. */
  readonly folds: number
}

/** The rows of all trials, on memory that all threads see, and how trials are judged: never by test rows. */
export async function readTrialRows({ inputs, params, context }: Source, plan: TuningPlan): Promise<Judging> {
  const { table, preparation } = inputs
  const features = preparation ? undefined : chosenFeatures(table.columns, plan)
  const source = { table, preparation, target: params.target, features }
  const rows = withPictures(await readLearnerRows(source, kindWord(params.kind), context))
  const goal = goalFor(params, rows.target, 'codes' in rows ? rows.classes.length : undefined)
  if ('code' in goal) throw new ProblemError(goal)
  const found = params.judgeBy === 'folds' ? undefined : await readValidationRows(table, rows, context)
  const validation = found && withPictures(found)
  if (!validation && params.judgeBy === 'validation')
    throw new ProblemError({
      code: 'rows-missing',
      message: 'The table has no validation rows to judge the trials by.',
      path: ['params', 'judgeBy'],
      fix: 'Judge by folds, or put a split with validation rows in front',
    })
  if (validation) checkJudges(validation, goal)
  const folds = validation ? 1 : params.folds
  const n = rows.frame.rows
  if (!validation && n < 2 * folds)
    throw new ProblemError({
      code: 'rows-missing',
      message: `${n} training rows can not be divided into ${folds} folds.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table with more rows, or lower the folds',
    })
  const random = createRandom(context.seed).split('tune')
  const assigned = validation
    ? undefined
    : stratifiedFolds('codes' in rows ? rows.codes : new Uint8Array(n), folds, random)
  const setup: TrialSetup = {
    learner: plan.name,
    rows: sharedRows(rows),
    validation: validation && sharedRows(validation),
    given: preparation,
    assigned: assigned && sharedCopy(assigned),
    places: sharedCopy(Uint32Array.from(random.split('places').permutation(n))),
    metric: goal.name,
    seed: context.seed,
    bytes: context.budget.bytes,
  }
  return { setup, goal, folds }
}

/** These say nothing of rows that all have the same target. */
const comparing: ReadonlySet<Goal['name']> = new Set(['roc_auc', 'average_precision', 'r2'])

function checkJudges(rows: LearnerRows, { name, label }: Goal): void {
  const values = 'codes' in rows ? rows.codes : rows.values
  if (!comparing.has(name) || values.some((value) => value !== values[0])) return
  const { target } = rows
  const only = 'codes' in rows ? rows.classes[rows.codes[0]!] : rows.values[0]
  throw new ProblemError({
    code: 'data-bad',
    message: `${target.name} is ${only} in all validation rows, of which ${label} says nothing.`,
    path: ['params', 'judgeBy'],
    fix: `Judge by folds, choose another metric, or put a split in front in whose validation rows ${target.name} varies`,
    columns: [target.name],
  })
}

function chosenFeatures(
  columns: readonly Column[],
  { learner, paramsWith }: TuningPlan,
): readonly Column[] | undefined {
  const found = learner.features?.(columns, paramsWith({}))
  if (found && isProblems(found)) throw new ProblemError(found)
  return found
}

const isProblems = (found: readonly Column[] | readonly Problem[]): found is readonly Problem[] =>
  found.length > 0 && 'code' in found[0]!

/** Rows whose picture is there. */
function withPictures<Rows extends LearnerRows>(rows: Rows): Rows {
  const picture = rows.features.find(({ type }) => type === 'image')
  if (!picture) return rows
  const { cells } = columnOf(rows.frame, picture.name)
  const all = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row)
  const known = all.filter((row) => cells.kind === 'text' && cells.codes[row]! >= 0)
  return known.length === all.length ? rows : someRows(rows, known)
}
