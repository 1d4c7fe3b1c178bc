import { type Hash, type Model, ProblemError, type ReportBlock, type RunContext, type Table } from '#contract'
import { crossValidated, describeLearned, type Learner, type LearnerRows, onTraining } from '../learner.ts'
import { readValidationRows } from '../learning-rows.ts'
import { readLearnerRows } from '../train-with.ts'
import { type BoostedRows, fitBoosting } from './fit-boosting.ts'
import { type BoostingParams, boostingVersion, kindOf } from './params.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: BoostingParams
  readonly context: RunContext
}

export async function trainBoosting({ inputs, hashes, params, context }: Run): Promise<{ model: Model }> {
  context.progress(0, 'reading')
  const rows = await readRows(inputs, params, context)
  const validation = await readValidationRows(inputs.table, rows, context)
  if (!validation && params.patience > 0)
    context.log('The table has no validation rows, so all rounds are grown.', 'info')
  const { preparation: given } = inputs
  const fitted = await fitBoosting({ rows, validation, given, params, context, afterRound: watch(params, context) })
  const learner: Learner = { type: 'train/boosting', version: boostingVersion, params }
  // folds grow as many rounds as the model has, so that none of them looks at the rows it is scored on
  const foldParams = { ...params, rounds: Math.max(1, fitted.rounds) }
  const validated = await crossValidated(
    rows,
    (part) => fitBoosting({ rows: part, given, params: foldParams, context }),
    learner,
    context,
  )
  const metrics = [...validated, ...onTraining(fitted, rows), ...course(fitted)]
  const model = await describeLearned(fitted, rows, metrics, learner, hashes.table ?? inputs.table.data, context)
  context.progress(1)
  return { model }
}

async function readRows(inputs: Run['inputs'], params: BoostingParams, context: RunContext): Promise<LearnerRows> {
  const source = { table: inputs.table, preparation: inputs.preparation, target: params.target }
  const rows = await readLearnerRows(source, kindOf(params), context)
  if (params.objective === 'poisson' && 'values' in rows && rows.values.some((value) => value < 0))
    throw new ProblemError({
      code: 'data-bad',
      message: `The target ${rows.target.name} has values below 0; Poisson counts have none.`,
      path: ['params', 'objective'],
      fix: 'Choose the objective squared, or a target of counts',
      columns: [rows.target.name],
    })
  return rows
}

/** Progress, the curve while it grows, and an early end where somebody asks for it. */
function watch({ rounds }: BoostingParams, context: RunContext) {
  const losses: number[] = []
  return async (round: number, loss: number | undefined) => {
    context.progress(0.05 + (0.35 * round) / rounds, `round ${round} of ${rounds}`)
    if (loss !== undefined) losses.push(loss)
    if (round % 10 !== 0) return context.signal.finishing
    if (losses.length > 1) context.show([lossChart(losses)])
    await context.breathe()
    return context.signal.finishing
  }
}

export const lossChart = (losses: readonly number[]): ReportBlock => ({
  block: 'chart',
  title: 'Mean loss on the validation rows',
  chart: {
    type: 'line',
    x: 'round',
    y: 'mean loss',
    series: [{ name: 'validation', x: losses.map((_, index) => index + 1), y: losses }],
  },
})

const course = ({ rounds, validation }: BoostedRows) => [
  { name: 'rounds', label: 'Rounds kept', value: rounds, better: 'neither' as const },
  ...(validation.length > 0
    ? [
        {
          name: 'validation.loss',
          label: 'Mean loss on the validation rows',
          value: validation[rounds - 1] ?? null,
          better: 'low' as const,
        },
      ]
    : []),
]
