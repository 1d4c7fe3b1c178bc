import { type JsonValue, type Model, type OpenMember, ProblemError } from '#contract'
import { type MetricName, metricWords } from '#ml/metrics/metric-names'
import { keepPrepared } from '../fuse-preparation.ts'
import type { FitContext, LearnerRows } from '../learner.ts'
import { someRows } from '../learning-rows.ts'
import { foldRows } from '../linear/cross-validate.ts'
import type { CostKind, DeviceWish, FitJob, FittedTrial } from '../tunable-learner.ts'
import type { LearnerName } from './learners.ts'
import { loadFit } from './load-fit.ts'

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
  /** The rounds, trees or epochs to stop after. */
  readonly until?: number
  /** State of the shorter trial that goes on. */
  readonly from?: Uint8Array
  /** Whether a longer one may follow. */
  readonly goesOn?: boolean
  readonly device?: FitJob<unknown>['device']
  readonly cost?: CostKind
}

export interface TrialAnswer {
  /** What another process should do instead of this thread. */
  readonly wish?: DeviceWish
  /** NaN where there is a wish. */
  readonly score: number
  readonly cost?: number
  readonly state?: Uint8Array
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
  const parts = new Map<string, Part>()
  const fit = await loadFit(setup.learner)
  return async (job) => {
    const { rows, judged, validation } = partOf(setup, job, parts)
    const { params, until, from, device } = job
    const fitted = await fit({ rows, validation, given: setup.given, params, until, from, device, context })
    if ('wants' in fitted) return { wish: fitted, score: Number.NaN }
    return answerOf(fitted, judged, setup, job)
  }
}

/** The score on rows the fit has not seen. */
async function answerOf(
  fitted: FittedTrial,
  judged: LearnerRows,
  { metric }: TrialSetup,
  { cost, goesOn }: TrialJob,
): Promise<TrialAnswer> {
  const score = (await fitted.judge(judged)).find(({ name }) => name === metric)?.value
  if (typeof score !== 'number')
    throw new ProblemError({
      code: 'data-bad',
      message: `${metricWords[metric].label} has no value on the rows that judge.`,
    })
  const state = goesOn && fitted.state?.()
  return { score, ...(cost && { cost: fitted.cost(cost) }), ...(state && { state }) }
}

interface Part {
  readonly rows: LearnerRows
  readonly judged: LearnerRows
  readonly validation: LearnerRows | undefined
}

/** So much may stay prepared in memory, a thread, and no more than a sixteenth of the step's. */
const mostKept = 200e6

/** Rows of a fold are the same for every trial, and so is what is prepared of them. */
function partOf(setup: TrialSetup, job: TrialJob, parts: Map<string, Part>): Part {
  if (job.share < 1) return rowsOf(setup, job)
  const key = String(job.fold)
  const found = parts.get(key) ?? rowsOf(setup, job)
  if (!parts.has(key)) {
    const { frame, features } = setup.rows
    const folds = setup.assigned ? Math.max(...setup.assigned) + 1 : 1
    if (8 * frame.rows * features.length * folds < Math.min(mostKept, setup.bytes / 16)) keepPrepared(found.rows)
  }
  parts.set(key, found)
  return found
}

function rowsOf({ rows, validation, assigned, places }: TrialSetup, { fold, share }: TrialJob): Part {
  const all = Uint32Array.from(places.keys())
  const parts = assigned ? foldRows(assigned, fold) : { fit: all, held: all }
  const limit = Math.ceil(share * places.length)
  const fit = share < 1 ? parts.fit.filter((row) => places[row]! < limit) : parts.fit
  const part = fit.length === rows.frame.rows ? rows : someRows(rows, fit)
  if (!assigned) return { rows: part, judged: validation!, validation }
  return { rows: part, judged: someRows(rows, parts.held), validation: undefined }
}
