import { type PipelineDocument, problemsOf, type SweepPlan, type SweepStatus } from '#contract'
import type { Search, Trial } from '#ml/search/trial-search'
import { failTrial, keepTrial, type SweepRecord, sweepTrials } from '#store/sweeps'
import type { LiveRun } from '../run-session.ts'
import type { Workshop } from '../workshop.ts'
import { lossOf, trialSettings } from './sweep-search.ts'

export interface SweepJob {
  readonly workshop: Workshop
  readonly record: Pick<SweepRecord, 'id' | 'plan' | 'planned'>
  readonly document: PipelineDocument
  readonly search: Search
  /** Asks it to end. */
  readonly signal: AbortSignal
  /** Starts a trial's run; throws the problems that keep it from starting. */
  begin(set: Readonly<Record<string, string>>, trial: number): Promise<LiveRun>
  changed(): void
}

/** Tries what the search asks for, as many side by side as the engine has threads. Says whether it came to its end. */
export async function conductSweep(job: SweepJob): Promise<SweepStatus> {
  const { search, record, signal, workshop } = job
  const working = new Map<number, Promise<void>>()
  const left = search.trials.filter(({ value }) => value === undefined)
  const next = () => left.shift() ?? (search.trials.length < mostOf(record) ? search.ask() : undefined)
  for (;;) {
    while (!signal.aborted && working.size < workshop.threads) {
      const trial = next()
      if (!trial) break
      working.set(
        trial.number,
        tryOne(job, trial).finally(() => working.delete(trial.number)),
      )
    }
    if (working.size === 0) break
    await Promise.race(working.values())
  }
  return signal.aborted ? 'cancelled' : 'done'
}

/** Halving ends by itself: a trial that fails may leave fewer to go on. */
const mostOf = ({ plan, planned }: SweepJob['record']) =>
  plan.strategy === 'halving' ? Number.POSITIVE_INFINITY : planned

async function tryOne(job: SweepJob, trial: Trial): Promise<void> {
  const { workshop, record, signal, search } = job
  const { db } = workshop.store
  const { number, value: _, ...proposal } = trial
  const settings = trialSettings(record.plan, trial)
  keepTrial(db, record.id, { number, proposal: JSON.parse(JSON.stringify(proposal)), settings })
  try {
    const set = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]))
    const run = await job.begin(set, number)
    const cancel = () => run.cancel()
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    await run.ended.finally(() => signal.removeEventListener('abort', cancel))
  } catch (error) {
    failTrial(db, record.id, number, problemsOf(error)[0]!.message)
  }
  const ended = sweepTrials(db, record).find((one) => one.number === number)!
  // Who cancelled the sweep wants it tried again later; who cancelled the run alone does not.
  if (!signal.aborted || ended.status === 'done' || ended.status === 'failed')
    search.tell(number, lossOf(record.plan, ended))
  job.changed()
}

/** The figure's node and what feeds it: nothing else of the document is run. */
export const sweepTargets = ({ metric }: SweepPlan): readonly string[] => [metric.node]
