import { type Hash, type Metric, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { isProblem, targetColumn } from '#ml/roles'
import { crossValidated, describeLearned, type Learned, type Learner, type LearnerRows, onTraining } from './learner.ts'
import { readClassRows, readNumberRows, type Source } from './learning-rows.ts'
import { type LinearParams, targetProblems, taskKind } from './linear/infer.ts'

export interface LearnerRun<Params> {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: Params
  readonly context: RunContext
}

export type Kind = 'auto' | 'classes' | 'numbers'
const words = { auto: 'auto', classes: 'logistic', numbers: 'ridge' } as const

/** The kind of a learner in the words of the shared inference. */
export const kindWord = (kind: Kind) => words[kind]

/** The training rows for classes or numbers, as the target wants it. */
export async function readLearnerRows(
  source: Source,
  wanted: LinearParams['kind'],
  context: RunContext,
): Promise<LearnerRows> {
  const target = targetColumn(source.table.columns, source.target)
  if (isProblem(target)) throw new ProblemError(target)
  const kind = taskKind({ kind: wanted }, target)
  const problems = targetProblems(kind, target)
  if (problems.length > 0) throw new ProblemError(problems)
  return kind === 'logistic' ? readClassRows(source, context) : readNumberRows(source, context)
}

/** Reads the training rows, fits on all and on folds, and writes the model down. `part` is true for a fold. */
export async function trainWith<Params extends { readonly target: string; readonly kind: Kind }>(
  { inputs, hashes, params, context }: LearnerRun<Params>,
  learner: Learner,
  fit: (rows: LearnerRows, part: true | undefined) => Promise<Learned & { readonly extra: readonly Metric[] }>,
): Promise<{ model: Model }> {
  context.progress(0, 'reading')
  const source = { table: inputs.table, preparation: inputs.preparation, target: params.target }
  const rows = await readLearnerRows(source, kindWord(params.kind), context)
  const fitted = await fit(rows, undefined)
  const validated = await crossValidated(rows, (some) => fit(some, true), learner, context)
  const metrics = [...validated, ...fitted.extra, ...onTraining(fitted, rows)]
  const model = await describeLearned(fitted, rows, metrics, learner, hashes.table ?? inputs.table.data, context)
  context.progress(1)
  return { model }
}
