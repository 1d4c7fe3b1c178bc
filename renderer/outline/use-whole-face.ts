import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { groupStep } from '#graph/groups/check-groups'
import type { ExpandedDocument } from '#graph/groups/expand-groups'
import { isWithin } from '#graph/groups/group-ids'
import { useWorkbench } from '../shell/workbench-context.ts'
import { fractionOf } from '../state/level-runs.ts'
import { type NodeFace, nodeFace } from '../state/node-face.ts'
import { currentRun, type RunProgress, type RunState } from '../state/run-store.ts'

const noRuns: RunState = { runs: {}, current: null, starting: false }

/** The face of a node on whatever level, by its whole id; of a group that of the steps in it. */
export function useWholeFace(id: string, expanded: ExpandedDocument): NodeFace {
  const { allRuns, allChecks } = useWorkbench()
  const isGroup = expanded.instances.has(id)
  const check = useStore(allChecks, (state) => state.check?.nodes[id])
  const run = useStore(allRuns, (state) => (isGroup ? currentRun(state) : undefined))
  const own = useStore(
    allRuns,
    useShallow((state) => nodeFace(id, check, isGroup ? noRuns : state)),
  )
  return useMemo(() => (run ? nodeFace(id, check, groupRuns(run, id, expanded)) : own), [run, id, check, expanded, own])
}

/** The run with the steps of a group as one. */
function groupRuns(run: RunProgress, id: string, expanded: ExpandedDocument): RunState {
  const inside = run.order.filter((node) => isWithin(node, id))
  const step = groupStep(
    expanded,
    id,
    inside.map((node) => [node, run.steps[node]!] as const),
  )
  const steps = step ? { ...run.steps, [id]: step } : run.steps
  const progress = step ? { ...run.progress, [step.node]: { fraction: fractionOf(run, inside) } } : run.progress
  return { runs: { [run.id]: { ...run, steps, progress } }, current: run.id, starting: false }
}
