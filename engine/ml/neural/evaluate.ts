import type { OpenSession } from '#contract'
import { vector } from './course.ts'
import { sizeOf } from './shape.ts'
import type { TrainingData } from './training-data.ts'
import { evaluationGraph } from './training-graphs.ts'
import type { TrainingPlan } from './training-step.ts'

/** Rows in one call. */
const chunkRows = 1_024

type State = Readonly<Record<string, Float32Array>>

export interface Judgement {
  /** Weighted mean over all rows, without dropout, with running statistics. */
  readonly loss: number
  /** What the network gives for each row, row-major. */
  readonly outputs: Float32Array
}

export interface Evaluator {
  judge(state: State): Promise<Judgement>
  close(): Promise<void>
}

export async function createEvaluator(
  open: OpenSession,
  plan: TrainingPlan,
  data: TrainingData,
  mask?: Float32Array,
): Promise<Evaluator> {
  const session = await open(evaluationGraph(plan))
  const weights = data.weights ?? new Float32Array(data.rows).fill(1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const [features, width] = [sizeOf(plan.network.inputs), data.targets.length / data.rows]
  const part = (values: Float32Array, size: number, from: number, count: number, shape: readonly number[]) =>
    vector(values.subarray(from * size, (from + count) * size), [count, ...shape])
  return {
    async judge({ parameters, statistics }) {
      const fixed = {
        parameters: vector(parameters!),
        ...(statistics && { statistics: vector(statistics) }),
        ...(mask && { mask: vector(mask) }),
      }
      let sum = 0
      let outputs = new Float32Array(0)
      for (let from = 0; from < data.rows; from += chunkRows) {
        const count = Math.min(chunkRows, data.rows - from)
        const found = await session.run({
          ...fixed,
          x: part(data.features, features, from, count, plan.network.inputs),
          targets: part(data.targets, width, from, count, [width]),
          weights: part(weights, 1, from, count, []),
        })
        const values = found.outputs!.values as Float32Array
        if (from === 0) outputs = new Float32Array((values.length / count) * data.rows)
        outputs.set(values, (values.length / count) * from)
        sum += Number(found.loss!.values[0])
      }
      return { loss: sum / total, outputs }
    },
    close: () => session.release(),
  }
}
