import type { InferenceSession } from 'onnxruntime-node'
import {
  type Frame,
  type MeasuredModel,
  type MeasurementPlan,
  type Model,
  type ModelMeasurement,
  ProblemError,
} from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { featureColumn, feed } from './score-model.ts'

const leastCalls = 20

/** Measures models one after the other, each on a session of its own. */
export interface ModelMeter {
  measure(model: MeasuredModel, frame: Frame, plan: MeasurementPlan): Promise<ModelMeasurement>
  close(): Promise<void>
}

/**
 * What the runtime needs once in a process, and on each provider, is no model's: a graph without work goes before. Models that
 * stay loaded keep their memory, so that the next one does not find it free and seems to need none.
 */
export function createMeter(blobs: BlobFiles, betweenCalls: () => void): ModelMeter {
  const warm = new Set<string>()
  const loaded: InferenceSession[] = []
  return {
    async measure(model, frame, plan) {
      const file = typeof model.onnx === 'string' ? checkedPath(blobs, model.onnx) : model.onnx
      const kind = `${plan.provider} ${plan.threads}`
      if (!warm.has(kind)) await warmUp(plan)
      warm.add(kind)
      const before = process.memoryUsage.rss()
      const started = performance.now()
      const session = await openSession(file, plan)
      const loadMs = performance.now() - started
      try {
        const batches = await timeCalls(session, model, frame, plan, betweenCalls)
        return { loadMs, memoryBytes: Math.max(0, process.memoryUsage.rss() - before), batches }
      } finally {
        if (plan.stays) loaded.push(session)
        else await session.release()
      }
    },
    async close() {
      for (const session of loaded.splice(0)) await session.release()
    },
  }
}

async function timeCalls(
  session: InferenceSession,
  model: Pick<Model, 'features'>,
  frame: Frame,
  plan: MeasurementPlan,
  betweenCalls: () => void,
): Promise<ModelMeasurement['batches']> {
  const runtime = await import('onnxruntime-node')
  const columns = model.features.map((feature) => featureColumn(frame, feature))
  const used = columns.filter((column) => session.inputNames.includes(column.name))
  const batches = []
  for (const rows of plan.batches) {
    const size = Math.min(rows, frame.rows)
    const callMs = new Float64Array(plan.calls)
    const deadline = performance.now() + plan.mostMs
    let call = -Math.ceil(plan.calls / 10)
    for (; call < plan.calls && (call < leastCalls || performance.now() < deadline); call++) {
      betweenCalls()
      const from = (Math.abs(call) * size) % (frame.rows - size + 1)
      const feeds = Object.fromEntries(used.map((column) => [column.name, feed(runtime, column, from, from + size)]))
      const at = performance.now()
      await session.run(feeds)
      if (call >= 0) callMs[call] = performance.now() - at
    }
    batches.push({ rows: size, callMs: callMs.subarray(0, call) })
  }
  return batches
}

async function warmUp(plan: MeasurementPlan): Promise<void> {
  const { Tensor } = await import('onnxruntime-node')
  const graph = createGraph('warm-up')
  const x = graph.input('x', 'float', [1])
  graph.node('Relu', [x], {}, { outputs: ['y'] })
  graph.output('y', 'float', [1])
  const session = await openSession(graph.encode(), plan)
  await session.run({ x: new Tensor('float32', Float32Array.of(1), [1]) })
  await session.release()
}

async function openSession(model: string | Uint8Array, { provider, threads }: MeasurementPlan) {
  const { InferenceSession } = await import('onnxruntime-node')
  try {
    return await InferenceSession.create(model as string, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
    })
  } catch (error) {
    throw new ProblemError({
      code: 'not-supported',
      message: `This model does not run on ${provider} here: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
      path: ['params', 'provider'],
      fix: 'Choose the provider cpu',
    })
  }
}
