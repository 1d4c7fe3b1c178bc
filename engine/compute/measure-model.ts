import { type Frame, type MeasurementPlan, type Model, type ModelMeasurement, ProblemError } from '#contract'
import { type BlobFiles, checkedPath } from './blob-files.ts'
import { featureColumn, feed } from './score-model.ts'

const leastCalls = 20

/** Loads a model on a session of its own and times calls on rows of the frame. */
export async function measureModel(
  blobs: BlobFiles,
  model: Pick<Model, 'onnx' | 'features'>,
  frame: Frame,
  plan: MeasurementPlan,
  betweenCalls: () => void,
): Promise<ModelMeasurement> {
  const runtime = await import('onnxruntime-node')
  const columns = model.features.map((feature) => featureColumn(frame, feature))
  const before = process.memoryUsage.rss()
  const started = performance.now()
  const session = await openSession(checkedPath(blobs, model.onnx), plan)
  const loadMs = performance.now() - started
  const used = columns.filter((column) => session.inputNames.includes(column.name))
  const batches = []
  try {
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
    return { loadMs, memoryBytes: Math.max(0, process.memoryUsage.rss() - before), batches }
  } finally {
    await session.release()
  }
}

async function openSession(file: string, { provider, threads }: MeasurementPlan) {
  const { InferenceSession } = await import('onnxruntime-node')
  try {
    return await InferenceSession.create(file, {
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
