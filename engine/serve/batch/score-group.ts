import { setTimeout as pause } from 'node:timers/promises'
import { type Frame, type Model, ProblemError } from '#contract'
import { hasExactReasons } from '#ml/explain/reason-basis'
import { takeRows } from '#ml/frame'
import type { Prediction } from '../answer.ts'
import { ModelAway } from '../model-runner.ts'
import type { Explained } from '../reasons.ts'
import { frameFeed } from '../row-check.ts'
import type { BatchModel } from './batch-model.ts'

/** Rows that go to the model's process together. */
const scoredTogether = 2_048
/** As many as a request is given reasons for. */
const explainedTogether = (model: Model) => (hasExactReasons(model) ? 1_000 : 20)
const pauseMs = 200
const mostTries = 20

export interface ScoredRows {
  readonly predictions: readonly Prediction[]
  readonly explained?: readonly Explained[]
}

/**
 * Scores rows that were checked, through the very process that serves them. The fallback rule never answers here: while the
 * model's process is started again the batch waits, and fails when it does not come back.
 */
export async function scoreRows(
  scorer: BatchModel,
  frame: Frame,
  reasons: boolean,
  betweenCalls: () => void,
): Promise<ScoredRows> {
  const { model } = scorer
  const predictions: Prediction[] = []
  const explained: Explained[] = []
  const together = reasons ? explainedTogether(model) : scoredTogether
  for (let from = 0; from < frame.rows; from += together) {
    betweenCalls()
    const feed = frameFeed(model.features, part(frame, from, Math.min(frame.rows, from + together)))
    const own = await patiently(() => scorer.score(feed), betweenCalls)
    predictions.push(...own)
    if (reasons) explained.push(...(await scorer.explain(feed, own)))
  }
  return reasons ? { predictions, explained } : { predictions }
}

const part = (frame: Frame, from: number, to: number): Frame =>
  takeRows(
    frame,
    Uint32Array.from({ length: to - from }, (_, row) => from + row),
  )

async function patiently<T>(work: () => Promise<T>, betweenTries: () => void): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ModelAway)) throw error
      if (tries >= mostTries) throw modelLost(error)
      await pause(pauseMs * tries)
      betweenTries()
    }
  }
}

const modelLost = (cause: ModelAway) =>
  new ProblemError(
    {
      code: 'worker-died',
      message: 'The process of the model ended again and again, so the batch stopped. No rule answered in its place.',
      fix: 'Give the same command again; what is scored is kept.',
    },
    { cause },
  )
