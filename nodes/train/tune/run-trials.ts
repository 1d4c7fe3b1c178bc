import { ProblemError, problemsOf, type RunContext } from '#contract'
import type { JointSearchJson } from '#ml/search/joint-search'
import type { Trial } from '#ml/search/trial-search'
import { meanOfFolds } from '../linear/cross-validate.ts'
import { packState, unpackState } from '../pack-state.ts'
import { fullLength, openSearch, trialCount } from './open-search.ts'
import { rungs, type TuneParams } from './params.ts'
import type { TuningPlan } from './plan.ts'
import type { Judging } from './read-trial-rows.ts'
import { liveBlocks } from './report.ts'
import { openTrialCrew, type TrialCrew } from './trial-crew.ts'
import type { TrialJob } from './trial-member.ts'
import type { TrialRecord } from './trial-record.ts'
import { type KeptStates, TrialStates } from './trial-states.ts'

interface Saved {
  readonly search: JointSearchJson
  readonly records: readonly TrialRecord[]
  readonly ms: number
  readonly states: KeptStates
}

interface Running {
  readonly trial: Trial
  readonly outcome: Promise<JudgedTrial>
}

interface JudgedTrial {
  readonly record: TrialRecord
  /** By fold, what a longer trial with the same settings goes on from. */
  readonly states?: readonly Uint8Array[]
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
  const saved = kept && (unpackState(kept) as Saved)
  const search = openSearch(params, plan.space, goal, context.seed, saved?.search)
  const records = [...(saved?.records ?? [])]
  const total = trialCount(params, plan.space)
  const began = Date.now() - (saved?.ms ?? 0)
  const crew = openTrialCrew(setup, context)
  const states = new TrialStates(saved?.states, context.budget.bytes)
  const judge = (trial: Trial): Running => {
    const from = trial.from === undefined ? undefined : states.take(trial.from)
    const outcome = judgeTrial({ trial, from }, plan, folds, params, crew)
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
      const { record, states: ended } = await oldest.outcome
      context.signal.throwIfAborted()
      search.tell(record.number, record.value, record.cost ?? null)
      records.push(record)
      if (ended) states.keep(record.number, ended)
      if (record.from !== undefined) states.drop(record.from)
      const now: Saved = { search: search.toJson(), records, ms: Date.now() - began, states: states.small() }
      await context.checkpoint.write(packState(now))
      context.show(liveBlocks(records, plan, goal, params))
      context.progress(trialsShare * Math.min(1, records.length / total), `trial ${records.length} of ${total}`)
    }
  } finally {
    await crew.close()
  }
  return records
}

/** A trial that fails is a row of the table; only cancelling ends the search. */
async function judgeTrial(
  {
    trial: { number, settings, budget, from },
    from: before,
  }: {
    readonly trial: Trial
    readonly from: readonly Uint8Array[] | undefined
  },
  plan: TuningPlan,
  folds: number,
  { second, strategy }: TuneParams,
  crew: TrialCrew,
): Promise<JudgedTrial> {
  const share = (budget ?? fullLength) / fullLength
  const head = { number, settings, share, ...(from !== undefined && { from }) }
  try {
    const { params, rows, until } = shortened(plan, settings, share)
    const goesOn = share < 1 && rungs.includes(strategy)
    const jobs = Array.from(
      { length: folds },
      (_, fold): TrialJob => ({
        params,
        fold,
        share: rows,
        ...(until !== undefined && { until }),
        ...(before && { from: before[fold]! }),
        ...(goesOn && { goesOn }),
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
    const states = answers.flatMap(({ state }) => state ?? [])
    return {
      record: { ...head, value, ...(spread !== undefined && { spread }), ...(cost !== undefined && { cost }) },
      ...(states.length === folds && { states }),
    }
  } catch (error) {
    const [problem] = problemsOf(error)
    if (problem!.code === 'cancelled') throw error
    return { record: { ...head, value: null, reason: problem!.message } }
  }
}

function deviation(scores: readonly number[]): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1))
}

/** A short trial ends after fewer rounds, trees or epochs; where a learner has none of them, it sees fewer rows. */
export function shortened({ learner, paramsWith }: TuningPlan, settings: Trial['settings'], share: number) {
  const params = paramsWith(settings)
  if (share >= 1) return { params, rows: 1 }
  if (learner.length === undefined) return { params, rows: share }
  return { params, rows: 1, until: Math.max(1, Math.round(share * (params[learner.length] as number))) }
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
