import type { CardFact, Evaluation, Metric, ReportBlock } from '#contract'
import { formatBytes, formatInteger, formatNumber } from '#report/format-number'

const figureOf = (metrics: readonly Metric[], name: string) =>
  metrics.find((metric) => metric.name === name)?.value ?? null

export function benchmarkCard({ metrics }: Evaluation): CardFact {
  const latency = figureOf(metrics, 'latency_ms.p95.batch_1')
  return {
    text: `**${formatNumber(latency, 3)} ms** a row (p95), ${formatBytes(figureOf(metrics, 'file_bytes'))}`,
  }
}

/** How a figure of the table is written: sizes in bytes, throughput whole, times with three digits. */
function cell({ name, value }: Metric): string {
  if (name.endsWith('_bytes')) return formatBytes(value)
  return name === 'rows_per_second' ? formatInteger(value) : formatNumber(value, 3)
}

export function benchmarkReport({ benchmark, rows }: Evaluation): ReportBlock[] {
  if (!benchmark) return []
  const { candidates, provider, threads, batches } = benchmark
  const [first] = candidates
  const largest = Math.min(Math.max(...batches), rows)
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
      note: `ONNX Runtime on ${provider} with ${threads === 1 ? 'one thread' : `${threads} threads`}, nothing else running in this pipeline. Times are of whole calls, preparation included.`,
    },
    ...(candidates.length > 1
      ? [
          {
            block: 'chart' as const,
            title: `Rows a second in batches of ${formatInteger(largest)}`,
            chart: {
              type: 'bars' as const,
              format: 'number' as const,
              rows: candidates.map(({ title, metrics }) => ({
                label: title,
                estimate: { value: figureOf(metrics, 'rows_per_second') },
              })),
            },
          },
        ]
      : []),
  ]
}
