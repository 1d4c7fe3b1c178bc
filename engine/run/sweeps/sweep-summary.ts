import type { SweepDetail, SweepSummary, SweepTrial } from '#contract'
import type { Database } from '#store/database'
import { type SweepRecord, sweepDocument, sweepTrials, type TrialRecord } from '#store/sweeps'
import { lossOf } from './sweep-search.ts'

export function sweepSummary(db: Database, record: SweepRecord): SweepSummary {
  return summaryOf(record, sweepTrials(db, record))
}

export function sweepDetail(db: Database, record: SweepRecord): SweepDetail {
  const trials = sweepTrials(db, record)
  const told = trials.find(({ label }) => label !== undefined)
  return {
    ...summaryOf(record, trials),
    document: sweepDocument(db, record.version),
    trials: trials.map(plainTrial),
    label: told?.label ?? record.plan.metric.name,
    better: record.plan.better ?? told?.better ?? 'neither',
  }
}

function summaryOf({ version: _, ...record }: SweepRecord, trials: readonly TrialRecord[]): SweepSummary {
  const best = bestTrial(record.plan, trials)
  return {
    ...record,
    ended: trials.filter(({ status }) => status === 'done' || status === 'failed').length,
    ...(best && { best: plainTrial(best) }),
  }
}

/** The first of the best, among those with the largest budget. */
function bestTrial(plan: SweepRecord['plan'], trials: readonly TrialRecord[]): TrialRecord | undefined {
  const valued = trials.flatMap((trial) => {
    const loss = trial.status === 'done' ? lossOf(plan, trial) : null
    return loss === null ? [] : [{ trial, loss }]
  })
  const most = Math.max(...valued.map(({ trial }) => trial.budget ?? 0))
  const longest = valued.filter(({ trial }) => (trial.budget ?? 0) === most)
  return longest.reduce<(typeof longest)[number] | undefined>(
    (best, one) => (best && best.loss <= one.loss ? best : one),
    undefined,
  )?.trial
}

const plainTrial = ({ proposal: _, label: __, better: ___, ...trial }: TrialRecord): SweepTrial => trial
