import {
  type Benchmark,
  type Evaluation,
  type Frame,
  type Hash,
  type Metric,
  type Model,
  type ModelMeasurement,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { takeRows } from '#ml/frame'
import { quantiles } from '#ml/statistics/quantiles'
import { missingColumns } from './missing-columns.ts'

export interface BenchmarkParams {
  readonly provider: 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'
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
  const candidates: Benchmark['candidates'][number][] = []
  for (const [index, model] of models.entries()) {
    context.progress(index / models.length, `model ${index + 1} of ${models.length}`)
    const frame = await rowsFor(model, inputs.table, context)
    const measured = await context.models.measure(model, frame, {
      provider,
      threads,
      batches,
      calls: params.calls,
      mostMs,
    })
    candidates.push({ title: titleOf(model, index), metrics: benchmarkMetrics(model, measured) })
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
      benchmark: { provider, threads, batches, candidates },
    },
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

const titleOf = (model: Model, index: number) => `${index + 1} · ${model.learner.type}`

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
    const of = (name: string, value: number) =>
      measured(
        `latency_ms.${name}.batch_${rows}`,
        `Latency ${name} of ${rows === 1 ? 'one row' : `${rows} rows`}, ms`,
        value,
      )
    return [of('p50', p50!), of('p95', p95!), of('p99', p99!)]
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
