import { type Crew, type JsonValue, ProblemError, problemsOf, type RunContext } from '#contract'
import type { JointSearch, JointSearchJson } from '#ml/search/joint-search'
import type { Trial } from '#ml/search/trial-search'
import { meanOfFolds } from '../linear/cross-validate.ts'
import { fullLength, openSearch, trialCount } from './open-search.ts'
import type { TuneParams } from './params.ts'
import type { TuningPlan } from './plan.ts'
import type { Judging } from './read-trial-rows.ts'
import { liveBlocks } from './report.ts'
import type { TrialAnswer, TrialJob, TrialSetup } from './trial-member.ts'
import type { TrialRecord } from './trial-record.ts'

interface Saved {
  readonly search: JointSearchJson
  readonly records: readonly TrialRecord[]
  readonly ms: number
}

interface Running {
  readonly trial: Trial
  readonly outcome: Promise<TrialRecord>
}

/** Share of the step's progress that the trials take; the winner's training takes the rest. */
const trialsShare = 0.9

/**
 * Asks for trials and judges them side by side. However many threads there are and whoever is first, trials are told in
 * the order in which they were asked for, and at most so many are out at a time: the same seed tries the same settings.
 */
export async function runTrials(
  plan: TuningPlan,
  { setup, goal, folds }: Judging,
  params: TuneParams,
  context: RunContext,
): Promise<readonly TrialRecord[]> {
  const kept = await context.checkpoint.read()
  const saved = kept && (JSON.parse(new TextDecoder().decode(kept)) as Saved)
  const search = openSearch(params, plan.space, goal, context.seed, saved?.search)
  const records = [...(saved?.records ?? [])]
  const total = trialCount(params, plan.space)
  const began = Date.now() - (saved?.ms ?? 0)
  const crew = context.crew<TrialSetup, TrialJob, TrialAnswer>({
    module: new URL('./trial-member.ts', import.meta.url),
    setup,
  })
  const judge = (trial: Trial): Running => {
    const outcome = judgeTrial(trial, plan, folds, params, crew)
    outcome.catch(() => {})
    return { trial, outcome }
  }
  const anyValue = () => records.some(({ value }) => value !== null)
  const late = () => params.minutes > 0 && Date.now() - began > params.minutes * 60_000
  /** Whoever wants what there is, or has little time, waits for one trial at least. */
  const wanted = () => {
    if (context.signal.finishing) return anyValue() ? 0 : 1
    if (late()) return search.trials.length === 0 ? 1 : 0
    return params.sideBySide
  }
  // What an interrupted run had out is tried again first.
  const running = search.trials.filter(({ value }) => value === undefined).map(judge)
  try {
    for (;;) {
      while (running.length < wanted() && search.trials.length < total) {
        const trial = search.ask()
        if (!trial) break
        running.push(judge(trial))
      }
      const oldest = running.shift()
      if (!oldest || (context.signal.finishing && anyValue())) break
      const record = await oldest.outcome
      context.signal.throwIfAborted()
      search.tell(record.number, record.value, record.cost ?? null)
      records.push(record)
      await keep(search, records, Date.now() - began, context)
      context.show(liveBlocks(records, plan, goal, params))
      context.progress(trialsShare * Math.min(1, records.length / total), `trial ${records.length} of ${total}`)
    }
  } finally {
    await crew.close()
  }
  return records
}

function keep(search: JointSearch, records: readonly TrialRecord[], ms: number, context: RunContext): Promise<void> {
  const saved: Saved = { search: search.toJson(), records, ms }
  return context.checkpoint.write(new TextEncoder().encode(JSON.stringify(saved)))
}

/** A trial that fails is a row of the table; only cancelling ends the search. */
async function judgeTrial(
  { number, settings, budget, from }: Trial,
  plan: TuningPlan,
  folds: number,
  { second }: TuneParams,
  crew: Crew<TrialJob, TrialAnswer>,
): Promise<TrialRecord> {
  const share = (budget ?? fullLength) / fullLength
  const head = { number, settings, share, ...(from !== undefined && { from }) }
  try {
    const { params, rows } = shortened(plan, settings, share)
    const jobs = Array.from(
      { length: folds },
      (_, fold): TrialJob => ({
        params,
        fold,
        share: rows,
        ...(second !== 'none' && fold === 0 && { cost: second }),
      }),
    )
    const answers = await Promise.all(jobs.map((job) => crew.assign(job)))
    const { value, low } = meanOfFolds(
      answers.map(({ score }) => score),
      folds,
    )
    const spread = low === undefined ? undefined : deviation(answers.map(({ score }) => score))
    const { cost } = answers[0]!
    return { ...head, value, ...(spread !== undefined && { spread }), ...(cost !== undefined && { cost }) }
  } catch (error) {
    const [problem] = problemsOf(error)
    if (problem!.code === 'cancelled') throw error
    return { ...head, value: null, reason: problem!.message }
  }
}

function deviation(scores: readonly number[]): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1))
}

/** A short trial has fewer rounds, trees or epochs; where a learner has none of them, fewer rows. */
export function shortened({ learner, paramsWith }: TuningPlan, settings: Trial['settings'], share: number) {
  const params = paramsWith(settings)
  if (share >= 1) return { params, rows: 1 }
  if (learner.length === undefined) return { params, rows: share }
  const length = Math.max(1, Math.round(share * (params[learner.length] as number)))
  return { params: { ...params, [learner.length]: length } as Readonly<Record<string, JsonValue>>, rows: 1 }
}

/** Why there is no winner. */
export function nothingFinished(records: readonly TrialRecord[]): ProblemError {
  const reason = records.find((record) => record.reason !== undefined)?.reason
  return new ProblemError({
    code: 'data-bad',
    message: `None of ${records.length} trials could be judged. The first: ${reason ?? 'it was cut off.'}`,
    path: ['params', 'space'],
    fix: 'Narrow the ranges, or choose another learner or metric',
  })
}
