import type { Metric } from '#contract'
import { useAnswer } from '../shell/use-answer.ts'
import { useChecks, useDocument, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { currentRun } from '../state/run-store.ts'

/** Figures a node is known to give, by name with their labels: of its newest result, and what it announces. */
export function useKnownMetrics(node: string): ReadonlyMap<string, string> {
  const { engine } = useWorkbench()
  const path = useDocument((state) => state.path)
  const status = useRuns((state) => currentRun(state)?.status)
  const outputs = useChecks((state) => state.check?.nodes[node]?.outputs)
  const runs = useAnswer(path === null ? null : `${path} ${status}`, () => engine.runs({ file: path ?? '', limit: 5 }))
  const announced = Object.values(outputs ?? {}).flatMap(({ metrics = [] }) => metrics)
  const found = (runs.value ?? []).flatMap((run) => run.metrics.filter((metric) => metric.node === node))
  return knownMetrics(found, announced)
}

/** Those that were found first, since they have labels; beginnings of names ("fairness.") are not offered. */
export function knownMetrics(
  found: readonly Pick<Metric, 'name' | 'label'>[],
  announced: readonly string[],
): ReadonlyMap<string, string> {
  const names = announced.filter((name) => !name.endsWith('.'))
  return new Map([
    ...found.map(({ name, label }) => [name, label] as const).reverse(),
    ...names.filter((name) => !found.some((one) => one.name === name)).map((name) => [name, name] as const),
  ])
}
