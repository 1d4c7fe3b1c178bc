import { type JsonValue, type Model, type OpenMember, ProblemError } from '#contract'
import type { MetricName } from '#ml/metrics/metric-names'
import type { FitContext, LearnerRows } from '../learner.ts'
import { someRows } from '../learning-rows.ts'
import { foldRows } from '../linear/cross-validate.ts'
import type { TrialCost } from '../tunable-learner.ts'
import { type LearnerName, learners } from './learners.ts'

/** What all trials share. */
export interface TrialSetup {
  readonly learner: LearnerName
  readonly rows: LearnerRows
  readonly validation: LearnerRows | undefined
  readonly given: Model | undefined
  /** Fold of each row; absent where the validation rows judge. */
  readonly assigned: Uint8Array | undefined
  /** Each row's place in a drawn order, so that short trials see a fair sample. */
  readonly places: Uint32Array
  readonly metric: MetricName
  readonly seed: number
  readonly bytes: number
}

export interface TrialJob {
  readonly params: Readonly<Record<string, JsonValue>>
  readonly fold: number
  /** Of the rows. */
  readonly share: number
  readonly withCost: boolean
}

export interface TrialAnswer {
  readonly score: number
  readonly cost?: TrialCost
}

/** One thread of a search: fits one settings after the other on the same rows. */
export const openMember: OpenMember<TrialSetup, TrialJob, TrialAnswer> = async (setup, { kernels, cancelled }) => {
  const throwIfAborted = () => {
    if (cancelled()) throw new ProblemError({ code: 'cancelled', message: 'The search has ended.' })
  }
  const context: FitContext = {
    seed: setup.seed,
    kernels,
    budget: { threads: 1, bytes: setup.bytes },
    progress: throwIfAborted,
    signal: {
      get aborted() {
        return cancelled()
      },
      throwIfAborted,
      finishing: false,
    },
  }
  return (job) => judgeTrial(setup, job, context)
}

/** The score on rows the fit has not seen. */
export async function judgeTrial(setup: TrialSetup, job: TrialJob, context: FitContext): Promise<TrialAnswer> {
  const { learner, given, metric } = setup
  const { rows, judged, validation } = rowsOf(setup, job)
  const fitted = await learners[learner].fit({ rows, validation, given, params: job.params, context })
  const found = (await fitted.judge(judged)).find(({ name }) => name === metric)?.value
  if (typeof found !== 'number')
    throw new ProblemError({ code: 'data-bad', message: `${metric} has no value on the rows that judge.` })
  return { score: found, ...(job.withCost && { cost: fitted.cost() }) }
}

function rowsOf({ rows, validation, assigned, places }: TrialSetup, { fold, share }: TrialJob) {
  const all = Uint32Array.from(places.keys())
  const parts = assigned ? foldRows(assigned, fold) : { fit: all, held: all }
  const limit = Math.ceil(share * places.length)
  const fit = share < 1 ? parts.fit.filter((row) => places[row]! < limit) : parts.fit
  const part = fit.length === rows.frame.rows ? rows : someRows(rows, fit)
  if (!assigned) return { rows: part, judged: validation!, validation }
  return { rows: part, judged: someRows(rows, parts.held), validation: undefined }
}
