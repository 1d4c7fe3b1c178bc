import type { ArmShare } from './answering.ts'

/** Counters and latencies as Prometheus reads them (text format 0.0.4). */
export interface Metrics {
  count(a: {
    readonly route: string
    readonly status: number
    readonly seconds: number
    readonly fallback: boolean
  }): void
  text(a: {
    readonly model: string
    readonly version: number
    readonly ready: boolean
    readonly restarts: number
    /** While a rollout runs: its versions. */
    readonly arms: readonly ArmShare[]
  }): string
}

const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const buckets = new Float64Array(bounds.length + 1)
  let seconds = 0
  let answers = 0
  let fallbacks = 0
  let errors = 0
  return {
    count(a) {
      const key = `route="${a.route}",status="${a.status}"`
      requests.set(key, (requests.get(key) ?? 0) + 1)
      if (a.status >= 400) errors++
      if (a.fallback) fallbacks++
      if (a.route !== 'predict' && a.route !== 'infer') return
      const place = bounds.findIndex((bound) => a.seconds <= bound)
      buckets[place < 0 ? bounds.length : place]!++
      seconds += a.seconds
      answers++
    },
    text({ model, version, ready, restarts, arms }) {
      const lines: string[] = []
      const family = (name: string, type: string, help: string, rows: readonly string[]) =>
        lines.push(
          `# HELP plumbline_${name} ${help}`,
          `# TYPE plumbline_${name} ${type}`,
          ...rows.map((row) => `plumbline_${row}`),
        )
      family(
        'requests_total',
        'counter',
        'Requests by route and status.',
        [...requests].map(([key, n]) => `requests_total{${key}} ${n}`),
      )
      family('errors_total', 'counter', 'Requests answered with 400 or above.', [`errors_total ${errors}`])
      family('fallback_total', 'counter', 'Requests answered by the fallback rule.', [`fallback_total ${fallbacks}`])
      const upTo = (place: number) => buckets.subarray(0, place + 1).reduce((sum, count) => sum + count, 0)
      const rows = bounds.map((bound, place) => `request_seconds_bucket{le="${bound}"} ${upTo(place)}`)
      family('request_seconds', 'histogram', 'Time to answer predictions.', [
        ...rows,
        `request_seconds_bucket{le="+Inf"} ${answers}`,
        `request_seconds_sum ${seconds}`,
        `request_seconds_count ${answers}`,
      ])
      const label = `model="${model}"`
      family('model_version', 'gauge', 'Version that answers.', [`model_version{${label}} ${version}`])
      family('model_ready', 'gauge', 'Whether the process of the model answers.', [
        `model_ready{${label}} ${Number(ready)}`,
      ])
      family('model_restarts_total', 'counter', 'Times the process of the model was started again.', [
        `model_restarts_total{${label}} ${restarts}`,
      ])
      if (arms.length > 0) {
        const labels = (one: ArmShare) => `${label},version="${one.version}",arm="${one.arm}"`
        family(
          'arm_rows_total',
          'counter',
          'Rows asked of each version of the rollout.',
          arms.map((one) => `arm_rows_total{${labels(one)}} ${one.answers}`),
        )
        family(
          'arm_share',
          'gauge',
          'Part of people whom each version of the rollout answers.',
          arms.map((one) => `arm_share{${labels(one)}} ${one.share}`),
        )
      }
      return `${lines.join('\n')}\n`
    },
  }
}
