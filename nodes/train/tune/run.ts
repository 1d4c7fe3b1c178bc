import type { Hash, JsonValue, Metric, Model, RunContext, Table } from '#contract'
import { metricWords } from '#ml/metrics/metric-names'
import { studentTQuantile } from '#ml/statistics/student-t'
import type { Goal } from './metric.ts'
import type { TuneParams } from './params.ts'
import { planTuning, type TuningPlan } from './plan.ts'
import { readTrialRows } from './read-trial-rows.ts'
import { nothingFinished, runTrials } from './run-trials.ts'
import { type TrialRecord, type ValuedRecord, winnerOf } from './trial-record.ts'
import { trialsFrame } from './trials-frame.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined; readonly preparation: Hash | undefined }
  readonly params: TuneParams
  readonly context: RunContext
}

export async function tune(run: Run): Promise<{ model: Model; trials: Table }> {
  const { params, context } = run
  context.progress(0, 'reading')
  const plan = planTuning(params)
  const judging = await readTrialRows(run, plan)
  const records = await runTrials(plan, judging, params, context)
  const winner = winnerOf(records, judging.goal, params)
  if (!winner) throw nothingFinished(records)
  const trained = await trainWinner(run, plan, winner, judging.folds)
  const { setup, goal, folds } = judging
  const judged = (setup.validation ?? setup.rows).frame.rows
  const metrics = [searchMetric(goal, winner, folds, judged), ...trained.metrics]
  const trials = await context.tables.write(trialsFrame(records, plan.space))
  context.progress(1)
  return { model: { ...trained, metrics }, trials }
}

/** By the learner's own node, on all training rows: the same model that the node gives with these parameters. */
async function trainWinner(run: Run, plan: TuningPlan, winner: ValuedRecord, folds: number): Promise<Model> {
  const { context, inputs, hashes } = run
  const { learner } = plan
  const quiet: RunContext = {
    ...context,
    progress: (fraction, note) => context.progress(0.9 + 0.09 * fraction, note ?? 'training the best'),
    show: () => {},
    checkpoint: { read: async () => undefined, write: async () => {} },
    signal: {
      get aborted() {
        return context.signal.aborted
      },
      throwIfAborted: () => context.signal.throwIfAborted(),
      finishing: false,
    },
  }
  const params = winnerParams(plan, winner, folds)
  const { model } = await learner.node.run({ inputs: inputs as never, hashes: hashes as never, params, context: quiet })
  return model as Model
}

/** What the learner's node is given to train the winner. */
export function winnerParams(
  { learner, paramsWith }: TuningPlan,
  { settings }: Pick<TrialRecord, 'settings'>,
  folds: number,
): Readonly<Record<string, JsonValue>> {
  return { ...paramsWith(settings), ...(folds > 1 && learner.afterFolds) }
}

function searchMetric({ name, label }: Goal, { value, spread }: ValuedRecord, folds: number, n: number): Metric {
  const half = spread === undefined ? undefined : (studentTQuantile(0.975, folds - 1) * spread) / Math.sqrt(folds)
  return {
    name: `search.${name}`,
    label: `${label} of the best trial, ${folds > 1 ? `mean of ${folds} folds` : 'on the validation rows'}`,
    better: metricWords[name].better,
    value,
    ...(half !== undefined && { low: value - half, high: value + half }),
    n,
  }
}
