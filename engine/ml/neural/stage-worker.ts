import type { OpenSession, Session, SessionTensor } from '#contract'
import { vector } from './course.ts'
import { targetWidth } from './losses.ts'
import { sizeOf } from './shape.ts'
import { backwardStage, forwardStage, stagesOf } from './stage-graphs.ts'
import type { TrainingData } from './training-data.ts'
import { checkedLayout, type TrainingPlan } from './training-step.ts'

/** What all workers of a training share. */
export interface StageSetup {
  readonly plan: TrainingPlan
  readonly data: TrainingData
  readonly cuts: readonly number[]
  /** Rows of a part of a batch. */
  readonly rows: number
}

/** One part of a batch through one stage, there or back. */
export interface StageJob {
  readonly way: 'forward' | 'backward'
  readonly stage: number
  /** Numbers and weights of the part's rows. */
  readonly rows: Int32Array
  readonly weights: Float32Array
  /** Of the stage. */
  readonly parameters: Float32Array
  readonly seed: number
  /** What the stage before has handed on; the first takes the rows themselves. */
  readonly x?: Float32Array
  /** From the stage behind; the last takes the loss. */
  readonly slope?: Float32Array
}

export interface StageAnswer {
  readonly y?: Float32Array
  readonly gradient?: Float32Array
  readonly back?: Float32Array
  readonly observed?: Float32Array
  readonly loss?: number
}

/** Takes any job of a training: rows are gathered here, from memory that all workers see, so that only numbers of rows travel. */
export function openStageWorker(open: OpenSession, { plan, data, cuts, rows }: StageSetup) {
  const stages = stagesOf(plan.network, cuts)
  const { outputs } = checkedLayout(plan)
  const width = targetWidth(plan.loss, outputs)
  const sessions = new Map<string, Promise<Session>>()
  const sessionOf = (way: StageJob['way'], index: number) => {
    const key = `${way} ${index}`
    const stage = stages[index]!
    const made =
      sessions.get(key) ?? open(way === 'forward' ? forwardStage(stage, rows) : backwardStage(stage, plan, rows))
    sessions.set(key, made)
    return made
  }
  return async (job: StageJob): Promise<StageAnswer> => {
    const { network, last } = stages[job.stage]!
    const session = await sessionOf(job.way, job.stage)
    const back = job.way === 'backward'
    const inputs: Record<string, SessionTensor> = {
      x: vector(job.x ?? gathered(data.features, sizeOf(network.inputs), job.rows), [rows, ...network.inputs]),
      parameters: vector(job.parameters),
      weights: vector(job.weights),
      seed: { type: 'int64', shape: [], values: BigInt64Array.of(BigInt(job.seed)) },
      ...(back && last && { targets: vector(gathered(data.targets, width, job.rows), [rows, width]) }),
      ...(back && !last && { slope: vector(job.slope!, [rows, ...stages[job.stage + 1]!.network.inputs]) }),
    }
    const found = await session.run(inputs)
    const floats = (name: string) => found[name]?.values as Float32Array | undefined
    const loss = floats('loss')?.[0]
    return {
      ...(found['y'] && { y: floats('y')! }),
      ...(found['gradient'] && { gradient: floats('gradient')! }),
      ...(found['back'] && job.stage > 0 && { back: floats('back')! }),
      ...(found['observed'] && { observed: floats('observed')! }),
      ...(loss !== undefined && { loss }),
    }
  }
}

function gathered(values: Float32Array, size: number, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length * size)
  rows.forEach((row, at) => {
    picked.set(values.subarray(row * size, (row + 1) * size), at * size)
  })
  return picked
}
