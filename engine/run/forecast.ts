import type { NodeCheck, RunForecast, StepForecast } from '#contract'
import type { Plan } from '#graph/plan'
import { median } from '#ml/statistics/quantiles'
import type { PastStep } from '#store/step-history'

/** Time grows with rows to a power between these; 1 where history has too few sizes to tell. */
const leastPower = 0
const mostPower = 2

/**
 * Time and memory of a step on so many rows, after earlier steps of its type. Steps of the same place count alone where
 * there are any. Times are scaled by (rows now / rows then) to a power that is fitted over the type's history.
 */
export function forecastStep(
  history: readonly PastStep[],
  place: { readonly node: string; readonly pipeline: string | undefined; readonly rows: number | undefined },
): StepForecast | undefined {
  if (history.length === 0) return undefined
  const same = history.filter(({ node, pipeline }) => node === place.node && pipeline === (place.pipeline ?? null))
  const near = (same.length > 0 ? same : history).slice(0, 10)
  const power = growth(history)
  const scaled = (step: PastStep) =>
    place.rows === undefined || step.rows === 0 ? 1 : (Math.max(1, place.rows) / step.rows) ** power
  return {
    ms: median(Float64Array.from(near, (step) => step.ms * scaled(step))),
    bytes: median(Float64Array.from(near, (step) => step.bytes)),
    from: near.length,
  }
}

/** Slope of log time over log rows by least squares. */
function growth(history: readonly PastStep[]): number {
  const points = history
    .filter(({ rows, ms }) => rows > 0 && ms > 0)
    .map(({ rows, ms }) => [Math.log(rows), Math.log(ms)] as const)
  if (new Set(points.map(([x]) => x)).size < 3) return 1
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const square = points.reduce((sum, [u]) => sum + (u - x) ** 2, 0)
  const product = points.reduce((sum, [u, v]) => sum + (u - x) * (v - y), 0)
  return Math.min(mostPower, Math.max(leastPower, product / square))
}

/** The whole: no faster than its longest chain, nor than all its work on all threads. */
export function forecastRun(
  plan: Plan,
  nodes: Readonly<Record<string, NodeCheck>>,
  threads: number,
): RunForecast | undefined {
  const ends = new Map<string, { readonly ms: number; readonly chain: readonly string[] }>()
  let [work, bytes, unknown, known] = [0, 0, 0, 0]
  for (const id of plan.order) {
    const node = nodes[id]
    const runs = node?.state === 'ready' || node?.state === 'stale'
    const sources = Object.values(plan.inputs[id] ?? {}).flat()
    const before = sources
      .map((wire) => ends.get(wire.node) ?? { ms: 0, chain: [] })
      .reduce((longest, one) => (one.ms > longest.ms ? one : longest), { ms: 0, chain: [] as readonly string[] })
    const ms = runs ? (node.forecast?.ms ?? 0) : 0
    if (runs && node.forecast) known++
    else if (runs) unknown++
    work += ms
    bytes = Math.max(bytes, runs ? (node.forecast?.bytes ?? 0) : 0)
    ends.set(id, runs ? { ms: before.ms + ms, chain: [...before.chain, id] } : before)
  }
  if (known === 0) return undefined
  const longest = [...ends.values()].reduce((a, b) => (b.ms > a.ms ? b : a))
  return { ms: Math.max(longest.ms, work / threads), bytes, chain: longest.chain, unknown }
}
