import type { OpenSession, Session, SessionTensor } from '#contract'
import { vector } from './course.ts'
import { sizeOf } from './shape.ts'
import type { TrainingData } from './training-data.ts'
import { evaluationGraph } from './training-graphs.ts'
import type { TrainingPlan } from './training-step.ts'

/** Rows in one call. */
const chunkRows = 1_024

type Results = Awaited<ReturnType<Session['run']>>
type State = Readonly<Record<string, Float32Array>>

export interface Evaluator {
  /** Weighted mean loss over all rows, without dropout, with running statistics. */
  loss(state: State): Promise<number>
  /** What the network gives for each row, row-major. */
  outputs(state: State): Promise<Float32Array>
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
  async function each({ parameters, statistics }: State, take: (results: Results, from: number) => void) {
    const fixed = {
      parameters: vector(parameters!),
      ...(statistics && { statistics: vector(statistics) }),
      ...(mask && { mask: vector(mask) }),
    }
    for (let from = 0; from < data.rows; from += chunkRows) {
      const count = Math.min(chunkRows, data.rows - from)
      const part = (values: Float32Array, size: number, shape: readonly number[]): SessionTensor =>
        vector(values.subarray(from * size, (from + count) * size), [count, ...shape])
      const results = await session.run({
        ...fixed,
        x: part(data.features, features, plan.network.inputs),
        targets: part(data.targets, width, [width]),
        weights: part(weights, 1, []),
      })
      take(results, from)
    }
  }
  return {
    async loss(state) {
      let sum = 0
      await each(state, ({ loss }) => {
        sum += Number(loss!.values[0])
      })
      return sum / total
    },
    async outputs(state) {
      let all = new Float32Array(0)
      await each(state, ({ outputs }, from) => {
        const size = outputs!.shape[1]!
        if (from === 0) all = new Float32Array(data.rows * size)
        all.set(outputs!.values as Float32Array, from * size)
      })
      return all
    },
    close: () => session.release(),
  }
}
