import type { JsonValue, RunComparison, RunSummary } from '#contract'
import { estimateDigits, formatNumber, formatSigned, noValue } from '#report/format-number'
import { runsMessages as words } from './runs-messages.ts'

export interface ComparisonRow {
  readonly key: string
  readonly name: string
  readonly a: string
  readonly b: string
  readonly differs: boolean
  /** b less a, for figures. */
  readonly change?: string
  /** The change reaches beyond both intervals, or in which direction it counts as better. */
  readonly tone?: 'ok' | 'bad'
  readonly strong?: boolean
}
export interface ComparisonGroup {
  readonly title: string
  readonly note: string
  readonly rows: readonly ComparisonRow[]
}

/** A parameter's value in a line. */
export function valueText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return noValue
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatNumber(value, 0) : String(value).replace('-', '\u2212')
  if (typeof value === 'boolean') return value ? words.values.on : words.values.off
  if (typeof value === 'string') return value || words.values.empty
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const shortHash = (hash: string | null) => (hash === null ? noValue : `${hash.slice(0, 8)}…`)

function metricOf(run: RunSummary, node: string, name: string) {
  return run.metrics.find((metric) => metric.node === node && metric.name === name)
}

/** Whether two intervals have nothing in common; undefined where one is unknown. */
function apart(a: RunSummary['metrics'][number] | undefined, b: typeof a): boolean {
  if (a?.low === undefined || a.high === undefined || b?.low === undefined || b.high === undefined) return false
  return a.high < b.low || b.high < a.low
}

function toneOf(better: string | undefined, a: number, b: number): 'ok' | 'bad' | undefined {
  if (a === b || !better || better === 'neither') return undefined
  const distance = (value: number) => (better === 'one' ? Math.abs(value - 1) : Math.abs(value))
  const improved = better === 'high' ? b > a : better === 'low' ? b < a : distance(b) < distance(a)
  return improved ? 'ok' : 'bad'
}

function metricRow(comparison: RunComparison, metric: RunComparison['metrics'][number]): ComparisonRow {
  const first = metricOf(comparison.a, metric.node, metric.name)
  const second = metricOf(comparison.b, metric.node, metric.name)
  const digits = Math.max(
    estimateDigits(first ?? { value: metric.a }),
    estimateDigits(second ?? { value: metric.b }),
    2,
  )
  const both = metric.a !== null && metric.b !== null
  const tone = both ? toneOf((second ?? first)?.better, metric.a, metric.b) : undefined
  return {
    key: `${metric.node} ${metric.name}`,
    name: `${metric.label} · ${metric.node}`,
    a: formatNumber(metric.a, digits),
    b: formatNumber(metric.b, digits),
    differs: metric.a !== metric.b,
    ...(both ? { change: formatSigned(metric.b - metric.a, digits) } : {}),
    ...(tone ? { tone } : {}),
    ...(apart(first, second) ? { strong: true } : {}),
  }
}

/** What changed between two runs and what it did, in the order one asks: settings, data, figures, results. */
export function comparisonGroups(comparison: RunComparison): readonly ComparisonGroup[] {
  const groups: ComparisonGroup[] = [
    {
      title: words.comparison.settings,
      note: words.comparison.settingsNote,
      rows: comparison.parameters.map((row) => ({
        key: `${row.node} ${row.path}`,
        name: `${row.node} · ${row.path}`,
        a: valueText(row.a),
        b: valueText(row.b),
        differs: true,
      })),
    },
    {
      title: words.comparison.data,
      note: words.comparison.dataNote,
      rows: comparison.inputs.map((row) => ({
        key: row.path,
        name: row.path,
        a: shortHash(row.a),
        b: shortHash(row.b),
        differs: row.a !== row.b,
      })),
    },
    {
      title: words.comparison.figures,
      note: words.comparison.figuresNote,
      rows: comparison.metrics.map((metric) => metricRow(comparison, metric)),
    },
    {
      title: words.comparison.results,
      note: words.comparison.resultsNote,
      rows: comparison.artifacts.map((row) => ({
        key: `${row.node}.${row.port}`,
        name: `${row.node} · ${row.port}`,
        a: shortHash(row.a),
        b: shortHash(row.b),
        differs: row.a !== row.b,
      })),
    },
  ]
  return groups.filter((group) => group.rows.length > 0)
}
