import type { Engine, RunDetail, StoredReview } from '#contract'
import { reportStep } from '../runs/step-times.ts'

export interface ReviewedRun {
  readonly run: RunDetail
  readonly reviews: readonly StoredReview[]
}
export interface ReviewQueue {
  /** Runs with a report that nobody has judged yet, newest first. */
  readonly waiting: readonly RunDetail[]
  /** Runs that were judged, newest first. */
  readonly reviewed: readonly ReviewedRun[]
}

const looked = 40

/** Sorts runs into those that wait for a review and those that have one. */
export function queueOf(runs: readonly RunDetail[]): ReviewQueue {
  const withReport = runs.filter((run) => run.status === 'waiting' || reportStep(run.steps))
  return {
    waiting: withReport.filter((run) => run.status === 'waiting' || run.reviews.length === 0),
    reviewed: runs.filter((run) => run.reviews.length > 0).map((run) => ({ run, reviews: run.reviews })),
  }
}

export async function loadQueue(engine: Engine): Promise<ReviewQueue> {
  const runs = await engine.runs({ limit: looked })
  const ended = runs.filter((run) => run.status !== 'running')
  return queueOf(await Promise.all(ended.map((run) => engine.runDetail({ run: run.id }))))
}
