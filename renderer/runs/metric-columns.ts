import type { Estimate, RunSummary } from '#contract'

export interface MetricColumn {
  readonly key: string
  readonly label: string
  /** From the lowest to the highest end over all runs, so that whiskers of different runs compare. */
  readonly extent: readonly [number, number]
  valueOf(run: RunSummary): Estimate | undefined
}

type RunMetric = RunSummary['metrics'][number]

/** Metrics of the same name from several nodes of one run are told apart by their node. */
function ambiguousNames(runs: readonly RunSummary[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const run of runs) {
    const seen = new Map<string, string>()
    for (const metric of run.metrics) {
      if ((seen.get(metric.name) ?? metric.node) !== metric.node) names.add(metric.name)
      seen.set(metric.name, metric.node)
    }
  }
  return names
}

/** Figures one looks at first: the worst ratio, then quality, then other gaps, then the rest. */
function weight(name: string): number {
  if (name === 'fairness.ratio') return 0
  if (/^(roc_auc|accuracy|r2|rmse)$/.test(name)) return 1
  if (name.startsWith('fairness.') && !name.includes('+')) return 2
  return name.startsWith('fairness.') ? 4 : 3
}

function extentOf(estimates: readonly Estimate[]): readonly [number, number] {
  const ends = estimates.flatMap((estimate) => [estimate.value, estimate.low, estimate.high])
  const known = ends.filter((end): end is number => typeof end === 'number')
  const low = Math.min(...known)
  const high = Math.max(...known)
  const room = (high - low) * 0.15 || 0.05
  return [low - room, high + room]
}

/** The metrics that most runs have, at most `count`, the telling ones first. */
export function metricColumns(runs: readonly RunSummary[], count: number): readonly MetricColumn[] {
  const ambiguous = ambiguousNames(runs)
  const keyOf = (metric: RunMetric) => (ambiguous.has(metric.name) ? `${metric.node} ${metric.name}` : metric.name)
  const found = new Map<string, { metric: RunMetric; estimates: Estimate[] }>()
  for (const run of runs)
    for (const metric of run.metrics) {
      const entry = found.get(keyOf(metric)) ?? { metric, estimates: [] }
      if (metric.value !== null) entry.estimates.push(metric)
      found.set(keyOf(metric), entry)
    }
  return [...found]
    .filter(([, entry]) => entry.estimates.length > 0)
    .sort(
      ([a, first], [b, second]) =>
        weight(first.metric.name) - weight(second.metric.name) ||
        second.estimates.length - first.estimates.length ||
        (a < b ? -1 : 1),
    )
    .slice(0, count)
    .map(([key, { metric, estimates }]) => ({
      key,
      label: ambiguous.has(metric.name) ? `${metric.label} (${metric.node})` : metric.label,
      extent: extentOf(estimates),
      valueOf: (run: RunSummary) => run.metrics.find((other) => keyOf(other) === key),
    }))
}
