import type { OpenSession, SessionTensor } from '#contract'
import { sizeOf } from './shape.ts'
import type { TrainingData } from './training-data.ts'
import { evaluationGraph } from './training-graphs.ts'
import type { TrainingPlan } from './training-step.ts'

/** Rows in one call. */
const chunkRows = 4_096

export interface Evaluator {
  /** Weighted mean loss over all rows, without dropout, with running statistics. */
  loss(state: Readonly<Record<string, Float32Array>>): Promise<number>
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
  return {
    async loss({ parameters, statistics }) {
      const fixed = {
        parameters: whole(parameters!),
        ...(statistics && { statistics: whole(statistics) }),
        ...(mask && { mask: whole(mask) }),
      }
      let sum = 0
      for (let from = 0; from < data.rows; from += chunkRows) {
        const count = Math.min(chunkRows, data.rows - from)
        const part = (values: Float32Array, each: number, shape: readonly number[]): SessionTensor => ({
          type: 'float',
          shape: [count, ...shape],
          values: values.subarray(from * each, (from + count) * each),
        })
        const { loss } = await session.run({
          ...fixed,
          x: part(data.features, features, plan.network.inputs),
          targets: part(data.targets, width, [width]),
          weights: part(weights, 1, []),
        })
        sum += Number(loss!.values[0])
      }
      return sum / total
    },
    close: () => session.release(),
  }
}

const whole = (values: Float32Array): SessionTensor => ({ type: 'float', shape: [values.length], values })
