import {
  type Benchmark,
  type Evaluation,
  type Frame,
  type Hash,
  type MeasurementPlan,
  type Metric,
  type Model,
  type ModelMeasurement,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { takeRows } from '#ml/frame'
import { quantiles } from '#ml/statistics/quantiles'
import { latencyMetric } from '../row-latency.ts'
import { missingColumns } from './missing-columns.ts'

export const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
type Provider = (typeof providers)[number]

export interface BenchmarkParams {
  readonly provider: Provider
  readonly also: readonly Provider[]
  readonly batch: number
  readonly calls: number
  readonly threads: number
}
interface Run {
  readonly inputs: { readonly model: Model; readonly against: readonly Model[]; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: BenchmarkParams
  readonly context: RunContext
}

/** Rows the calls take round and round. */
const mostRows = 4_096
/** The longest the calls of one batch may take. */
const mostMs = 2_000

export async function benchmarkModels({ inputs, hashes, params, context }: Run): Promise<{ evaluation: Evaluation }> {
  const models = [inputs.model, ...inputs.against]
  const { provider, threads } = params
  const batches = [...new Set([1, params.batch])]
  const asked = [...new Set([provider, ...params.also])]
  const frames: Frame[] = []
  for (const model of models) frames.push(await rowsFor(model, inputs.table, context))
  const candidates: Benchmark['candidates'][number][] = []
  const lacking: NonNullable<Benchmark['lacking']>[number][] = []
  const jobs = asked.flatMap((own) => models.map((model, index) => ({ own, model, index })))
  for (const [at, { own, model, index }] of jobs.entries()) {
    context.progress(at / jobs.length, `model ${index + 1} of ${models.length} on ${own}`)
    const title = `${index + 1} · ${model.learner.type}${asked.length > 1 ? ` · ${own}` : ''}`
    const plan = { provider: own, threads, batches, calls: params.calls, mostMs, stays: jobs.length > 1 }
    const measured = await measureOn(own !== provider, model, frames[index]!, plan, context)
    if (typeof measured === 'string') lacking.push({ title, why: measured })
    else candidates.push({ title, metrics: benchmarkMetrics(model, measured) })
  }
  context.progress(1)
  return {
    evaluation: {
      kind: 'evaluation',
      subject: 'benchmark',
      ...(hashes.model && { model: hashes.model }),
      table: hashes.table ?? inputs.table.data,
      split: 'all',
      rows: Math.min(mostRows, inputs.table.rows),
      metrics: candidates[0]!.metrics,
      benchmark: { provider, threads, batches, candidates, ...(lacking.length > 0 && { lacking }) },
    },
  }
}

/** Figures, or where the provider may be missing why there are none. */
async function measureOn(
  mayLack: boolean,
  model: Model,
  frame: Frame,
  plan: MeasurementPlan,
  context: RunContext,
): Promise<ModelMeasurement | string> {
  try {
    return await context.models.measure(model, frame, plan)
  } catch (error) {
    if (mayLack && error instanceof ProblemError && error.code === 'not-supported') return error.message
    throw error
  }
}

async function rowsFor(model: Model, table: Table, context: RunContext): Promise<Frame> {
  const missing = missingColumns(model.features, table.columns)
  if (missing.length > 0) throw new ProblemError(missing)
  if (table.rows === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'The table has no rows to call the model with.',
      path: ['inputs', 'table'],
      fix: 'Connect a table with rows',
    })
  const frame = await context.tables.read(
    table,
    model.features.map(({ name }) => name),
  )
  return takeRows(
    frame,
    Uint32Array.from({ length: Math.min(mostRows, frame.rows) }, (_, row) => row),
  )
}

/** Latencies are wall times of whole calls; the throughput is that of the larger batch. */
function benchmarkMetrics(model: Model, { loadMs, memoryBytes, batches }: ModelMeasurement): readonly Metric[] {
  const measured = (name: string, label: string, value: number, better: Metric['better'] = 'low'): Metric => ({
    name,
    label,
    value,
    better,
    measured: true,
  })
  const latencies = batches.flatMap(({ rows, callMs }) => {
    const [p50, p95, p99] = quantiles(callMs, [0.5, 0.95, 0.99])
    return [latencyMetric(50, rows, p50!), latencyMetric(95, rows, p95!), latencyMetric(99, rows, p99!)]
  })
  const largest = batches.at(-1)!
  const perSecond = (1_000 * largest.rows) / Math.max(quantiles(largest.callMs, [0.5])[0]!, 1e-6)
  return [
    { name: 'file_bytes', label: 'Size of the file, bytes', value: model.onnxBytes, better: 'low' },
    measured('load_ms', 'Time to load, ms', loadMs),
    measured('memory_bytes', 'Growth of memory, bytes', memoryBytes),
    ...latencies,
    measured('rows_per_second', 'Rows a second', perSecond, 'high'),
  ]
}
