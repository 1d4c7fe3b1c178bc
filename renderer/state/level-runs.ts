import { createStore } from 'zustand/vanilla'
import type { StepSummary } from '#contract'
import { groupStep } from '#graph/groups/check-groups'
import { type ExpandedDocument, expandGroups } from '#graph/groups/expand-groups'
import { groupsAround, joinIds, localId } from '#graph/groups/group-ids'
import type { DocumentStore } from './document-store.ts'
import type { LevelStore } from './level-store.ts'
import type { RunProgress, RunState, RunStore, StepTimes } from './run-store.ts'

export type LevelRuns = ReturnType<typeof createLevelRuns>

/** What runs do, by the nodes of the level we are on: the steps inside a group are its one step. */
export function createLevelRuns(all: RunStore, file: DocumentStore, level: LevelStore) {
  const expand = lastExpansion(file)
  const seen = (): RunState => {
    const state = all.getState()
    const run = state.current === null ? undefined : state.runs[state.current]
    if (!run || !file.getState().document.groups) return state
    return { ...state, runs: { ...state.runs, [run.id]: levelRun(run, level.getState().path, expand()) } }
  }
  const store = createStore<RunState>(seen)
  const refresh = () => store.setState(seen(), true)
  all.subscribe(refresh)
  level.subscribe(refresh)
  file.subscribe((now, before) => {
    if (now.document.groups !== before.document.groups || now.document.nodes !== before.document.nodes) refresh()
  })
  const { getState, getInitialState, subscribe } = store
  return { ...all, getState, getInitialState, subscribe }
}

/** The open document expanded, once a version. */
function lastExpansion(file: DocumentStore): () => ExpandedDocument {
  let of = file.getState().document
  let expanded = expandGroups(of)
  return () => {
    const { document } = file.getState()
    if (document !== of) expanded = expandGroups(document)
    of = document
    return expanded
  }
}

function levelRun(run: RunProgress, path: readonly string[], expanded: ExpandedDocument): RunProgress {
  const prefix = path.length === 0 ? '' : joinIds(...path, '')
  const inside = run.order.filter((id) => id.startsWith(prefix))
  const steps: Record<string, StepSummary> = {}
  const progress: Record<string, RunProgress['progress'][string]> = { ...run.progress }
  const times: Record<string, StepTimes> = {}
  const live: Record<string, RunProgress['live'][string]> = {}
  const within = new Map<string, string[]>()
  for (const id of inside) {
    const local = id.slice(prefix.length)
    const around = groupsAround(local)[0]
    if (around !== undefined) within.set(around, [...(within.get(around) ?? []), id])
    else {
      steps[local] = run.steps[id]!
      if (run.progress[id]) progress[local] = run.progress[id]
      if (run.times[id]) times[local] = run.times[id]
      if (run.live[id]) live[local] = run.live[id]
    }
  }
  for (const [local, ids] of within) {
    const whole = prefix + local
    const step = groupStep(
      expanded,
      whole,
      ids.map((id) => [id, run.steps[id]!] as const),
    )
    if (!step) continue
    steps[local] = step
    progress[local] = { fraction: fractionOf(run, ids) }
    progress[step.node] = progress[local]
    const known = ids.flatMap((id) => run.times[id] ?? [])
    if (known.length > 0) times[local] = spanOf(known)
  }
  const order = [...new Set(inside.map((id) => groupsAround(id.slice(prefix.length))[0] ?? localId(id)))]
  const logs = run.logs.map((log) => {
    const local = log.node?.startsWith(prefix) ? log.node.slice(prefix.length) : undefined
    return local === undefined ? log : { ...log, node: groupsAround(local)[0] ?? local }
  })
  return { ...run, steps, order, progress, times, live, logs }
}

/** How much of a group is done, every step counting alike. */
export function fractionOf(run: RunProgress, ids: readonly string[]): number {
  const done = ids.map((id) => {
    const { status } = run.steps[id]!
    return status === 'running' ? (run.progress[id]?.fraction ?? 0) : status === 'queued' ? 0 : 1
  })
  return done.reduce((sum, one) => sum + one, 0) / ids.length
}

function spanOf(times: readonly StepTimes[]): StepTimes {
  const start = Math.min(...times.map((one) => one.start))
  const ends = times.flatMap(({ end }) => end ?? [])
  return ends.length === times.length ? { start, end: Math.max(...ends) } : { start }
}
