import type { RunContext } from '#contract'
import { type parallelSteps, partRows, type Spread, spreadStepsPerCall } from '#ml/neural/parallel-steps'
import type { StageJob, StageSetup } from '#ml/neural/stage-worker'
import type { TrainerOptions } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { formatPercent } from '#report/format-number'
import { sharedCopy } from '../share-memory.ts'
import type { NetworkParams } from './params.ts'
import { stageCuts } from './stage-cuts.ts'
import type { TimedAnswer } from './stage-member.ts'

/** How the parameters want a training spread; undefined for one piece. */
export function spreadOf(params: NetworkParams, { plan }: TrainerOptions): Spread | undefined {
  const { spread: mode, parts, stages } = params
  if (mode === 'none') return undefined
  return { mode, parts, cuts: mode === 'pipeline' ? stageCuts(plan.network, stages) : [] }
}

/** What the card says of it; the same on every machine. */
export function spreadWords({ mode, parts, cuts }: Spread): string {
  if (mode === 'pipeline') return `${cuts.length + 1} stages, ${parts} micro-batches`
  return mode === 'synchronous' ? `each batch in ${parts} parts` : `${parts} batches at a time`
}

/** Of all pairs of a stage and a slot of time, those in which GPipe’s schedule leaves the stage without a micro-batch. */
const idleSlots = ({ cuts, parts }: Spread) => cuts.length / (parts + cuts.length)

export interface SpreadTraining {
  readonly options: TrainerOptions
  readonly work: Parameters<typeof parallelSteps>[1]
  /** How busy the threads have been so far. */
  usage(): string
  close(): Promise<void>
}

/** Threads that all see the rows in one memory, for a training that is spread over them. */
export function openSpread(
  spread: Spread,
  options: TrainerOptions,
  data: TrainingData,
  context: RunContext,
): SpreadTraining {
  const rows = partRows(spread, Math.min(options.batchRows ?? data.rows, data.rows))
  const shared = { ...data, features: sharedCopy(data.features), targets: sharedCopy(data.targets) }
  const crew = context.crew<StageSetup, StageJob, TimedAnswer>({
    module: new URL('./stage-member.ts', import.meta.url),
    setup: { plan: options.plan, data: shared, cuts: spread.cuts, rows },
    size: Math.max(spread.parts, spread.cuts.length + 1),
  })
  const began = Date.now()
  let busyMs = 0
  return {
    options: { ...options, stepsPerCall: spreadStepsPerCall },
    async work(job) {
      const answer = await crew.assign(job)
      busyMs += answer.busyMs
      return answer
    },
    usage() {
      const idle = Math.max(0, 1 - busyMs / (crew.size * Math.max(1, Date.now() - began)))
      const schedule =
        spread.mode === 'pipeline' ? `; the schedule alone leaves ${formatPercent(idleSlots(spread), 0)}` : ''
      return `${crew.size} ${crew.size === 1 ? 'thread' : 'threads'}, idle ${formatPercent(idle, 0)} of the time${schedule}.`
    },
    close: () => crew.close(),
  }
}
