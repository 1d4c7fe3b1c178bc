import type { Engine, Report, RunDetail, StoredReview } from '#contract'
import { reportStep } from '../runs/step-times.ts'

export interface ReviewedRun {
  readonly run: RunDetail
  readonly reviews: readonly StoredReview[]
}
export interface ReviewQueue {
  /** The newest run of each pipeline, where its report has no review yet. */
  readonly waiting: readonly RunDetail[]
  /** Runs that were judged, newest first. */
  readonly reviewed: readonly ReviewedRun[]
}

const looked = 40
const ended = new Set<RunDetail['status']>(['done', 'gate-failed', 'waiting'])

function canBeJudged(run: RunDetail): boolean {
  return ended.has(run.status) && (run.status === 'waiting' || reportStep(run.steps) !== undefined)
}

/** Sorts runs, newest first, into those that wait for a review (the newest of each pipeline) and those that have one. */
export function queueOf(runs: readonly RunDetail[]): ReviewQueue {
  const newest = new Map<string, RunDetail>()
  for (const run of runs) {
    const pipeline = run.file ?? run.pipeline
    if (canBeJudged(run) && !newest.has(pipeline)) newest.set(pipeline, run)
  }
  return {
    waiting: [...newest.values()].filter((run) => run.status === 'waiting' || run.reviews.length === 0),
    reviewed: runs.filter((run) => run.reviews.length > 0).map((run) => ({ run, reviews: run.reviews })),
  }
}

/** Whether a run waits by itself or its report has a review form; a profile of the data is a report without one. */
async function asksForReview(engine: Engine, run: RunDetail): Promise<boolean> {
  if (run.status === 'waiting') return true
  const output = Object.values(reportStep(run.steps)?.outputs ?? {}).find(({ kind }) => kind === 'report')
  if (!output) return false
  const report = (await engine.value({ hash: output.hash })) as unknown as Report
  return report.blocks.some((block) => block.block === 'review')
}

export async function loadQueue(engine: Engine): Promise<ReviewQueue> {
  const runs = await engine.runs({ limit: looked })
  const over = runs.filter((run) => run.status !== 'running')
  const queue = queueOf(await Promise.all(over.map((run) => engine.runDetail({ run: run.id }))))
  const asks = await Promise.all(queue.waiting.map((run) => asksForReview(engine, run)))
  return { ...queue, waiting: queue.waiting.filter((_, i) => asks[i]) }
}
