import type { Benchmark, CardFact, Evaluation, Metric, ReportBlock } from '#contract'
import { formatBytes, formatInteger, formatNumber } from '#report/format-number'

const figureOf = (metrics: readonly Metric[], name: string) =>
  metrics.find((metric) => metric.name === name)?.value ?? null

const oneRow = 'latency_ms.p95.batch_1'

export function benchmarkCard({ metrics }: Evaluation): CardFact {
  return {
    text: `**${formatNumber(figureOf(metrics, oneRow), 3)} ms** a row (p95), ${formatBytes(figureOf(metrics, 'file_bytes'))}`,
  }
}

/** How a figure of the table is written: sizes in bytes, throughput whole, times with three digits. */
function cell({ name, value }: Metric): string {
  if (name.endsWith('_bytes')) return formatBytes(value)
  return name === 'rows_per_second' ? formatInteger(value) : formatNumber(value, 3)
}

export function benchmarkReport({ benchmark, rows }: Evaluation): ReportBlock[] {
  if (!benchmark) return []
  const { candidates, provider, threads, batches, lacking = [] } = benchmark
  const [first] = candidates
  const largest = Math.min(Math.max(...batches), rows)
  const runtime = candidates.every(({ title }) => !title.endsWith(` · ${provider}`)) ? ` on ${provider}` : ''
  return [
    { block: 'heading', text: 'Speed and size on this machine' },
    {
      block: 'table',
      title: candidates.length === 1 ? 'The model' : 'The models side by side',
      columns: ['Figure', ...candidates.map(({ title }) => title)],
      rows: first!.metrics.map((metric, index) => [
        metric.label.replace(', bytes', ''),
        ...candidates.map(({ metrics }) => cell(metrics[index]!)),
      ]),
      note: `ONNX Runtime${runtime} with ${threads === 1 ? 'one thread' : `${threads} threads`}, nothing else running in this pipeline. Times are of whole calls, preparation included.`,
    },
    ...lackingBlocks(lacking),
    ...(candidates.length > 1
      ? [
          bars('Milliseconds of one row, 95th percentile', candidates, oneRow),
          bars(`Rows a second in batches of ${formatInteger(largest)}`, candidates, 'rows_per_second'),
        ]
      : []),
  ]
}

const bars = (title: string, candidates: Benchmark['candidates'], name: string): ReportBlock => ({
  block: 'chart',
  title,
  chart: {
    type: 'bars',
    format: 'number',
    rows: candidates.map((one) => ({ label: one.title, estimate: { value: figureOf(one.metrics, name) } })),
  },
})

/** What was not measured and why, each reason once. */
function lackingBlocks(lacking: NonNullable<Benchmark['lacking']>): ReportBlock[] {
  return [...new Set(lacking.map(({ why }) => why))].map((why) => {
    const titles = lacking.filter((one) => one.why === why).map(({ title }) => title)
    const text = `Not measured: ${titles.join(', ')}. ${why}`
    return { block: 'text', tone: 'stale', text }
  })
}
