import type { Frame, MeasuredModel, Metric, RunContext } from '#contract'
import type { RowLatency } from '#ml/architecture/joint-objective'
import { takeRows } from '#ml/frame'
import { quantiles } from '#ml/statistics/quantiles'

/** Rows the calls take in turn. */
const timedRows = 200
const mostMs = 2_000

/**
 * Times files by ONNX Runtime on one thread of the processor, a row a call, after calls that warm up. In several rounds the
 * files take turns, and of each its quietest round counts: other work on the machine only ever adds time, and rarely lasts.
 */
export async function rowLatencies(
  models: readonly MeasuredModel[],
  frame: Frame,
  context: RunContext,
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Promise<readonly RowLatency[]> {
  const rows = takeRows(
    frame,
    Uint32Array.from({ length: Math.min(timedRows, frame.rows) }, (_, row) => row),
  )
  const plan = { provider: 'cpu', threads: 1, batches: [1], calls, mostMs: mostMs / rounds }
  const quietest: (RowLatency | undefined)[] = models.map(() => undefined)
  for (let round = 0; round < rounds; round++)
    for (const [at, model] of models.entries()) {
      const { batches } = await context.models.measure(model, rows, plan)
      const [median, p95] = quantiles(batches[0]!.callMs, [0.5, 0.95]) as [number, number]
      const before = quietest[at]
      if (!before || median < before.median) quietest[at] = { median, p95 }
    }
  return quietest as readonly RowLatency[]
}

/** A latency as a figure that gates may name; every node calls it the same. */
export const latencyMetric = (percentile: 50 | 95 | 99, rows: number, value: number): Metric => ({
  name: `latency_ms.p${percentile}.batch_${rows}`,
  label: `Latency p${percentile} of ${rows === 1 ? 'one row' : `${rows} rows`}, ms`,
  value,
  better: 'low',
  measured: true,
})
