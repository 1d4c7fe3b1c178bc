import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type JsonValue,
  problemsOf,
  type RunSummary,
  type StepSummary,
  type Verdict,
  type WireVerdict,
} from '#contract'
import { isWithin } from '#graph/groups/group-ids'
import { findRun, runSummary } from '#store/read-runs'
import type { EndedRunStatus } from '#store/records'
import { addLog, beginRun, endRun, type TrialReference } from '#store/write-run'
import { considerStep } from './consider-step.ts'
import type { PreparedRun } from './prepare-run.ts'
import { stepEvent } from './run-events.ts'
import { endedRunStatus } from './run-status.ts'
import { liveSteps, openSession, type Session } from './session.ts'
import { worstVerdict } from './verdict.ts'
import type { Workshop } from './workshop.ts'

/** A run under way, as its engine holds it. */
export interface LiveRun {
  readonly id: string
  /** Steps that have not ended yet. */
  steps(): readonly StepSummary[]
  /** All of it, or one node or group and what hangs on it. */
  cancel(node?: string): void
  /** Asks a node at work for what it has by now. */
  finish(node: string): void
  readonly ended: Promise<RunSummary>
}

/** Enters a run in the lineage and sets it going. */
export function startRun(
  workshop: Workshop,
  prepared: PreparedRun,
  a: { file?: string; useCache: boolean; environment: JsonValue; trial?: TrialReference },
): LiveRun {
  const run = beginRun(workshop.store.db, {
    document: prepared.document,
    ...(a.file === undefined ? {} : { file: a.file }),
    targets: prepared.targets,
    environment: a.environment,
    engine: workshop.store.engine,
    ...(a.trial && { trial: a.trial }),
  })
  const session = openSession(workshop, run, prepared, a.useCache)
  return {
    id: run.id,
    steps: () => liveSteps(session),
    cancel: (node) => cancel(session, node),
    finish: (node) => {
      for (const [id, place] of session.places) if (isWithin(id, node)) workshop.executions.finish(place)
    },
    ended: conduct(session),
  }
}

function cancel(session: Session, node: string | undefined): void {
  if (node === undefined) session.cancelled = true
  else
    for (const id of session.prepared.plan.order)
      if (isWithin(id, node) && !session.statuses.has(id)) session.cancelledNodes.add(id)
  for (const [id, controller] of [...session.working]) if (node === undefined || isWithin(id, node)) controller.abort()
  session.wake()
}

async function conduct(session: Session): Promise<RunSummary> {
  const { workshop, run, prepared } = session
  const started = performance.now()
  const emitRun = (status: EndedRunStatus | 'running') =>
    workshop.events.emit({ type: 'run', id: run.id, status, pipeline: prepared.document.name })
  // Whoever started the run gets its id before the first event.
  await nextTurn()
  emitRun('running')
  for (const step of liveSteps(session)) workshop.events.emit(stepEvent(step))
  let status: EndedRunStatus = 'failed'
  let verdict: ReturnType<typeof worstVerdict>
  try {
    await drain(session)
    const wires = [...session.wires.values()].flat()
    verdict = worstVerdict([...[...session.results.values()].map((result) => result.verdict), ...failed(wires)])
    status = endedRunStatus([...session.statuses.values()], verdict, session.cancelled)
  } catch (error) {
    const message = problemsOf(error)[0]!.message
    for (const controller of session.working.values()) controller.abort()
    addLog(workshop.store.db, run, { level: 'error', message })
    workshop.events.emit({ type: 'log', run: run.id, level: 'error', message })
  }
  endRun(workshop.store.db, run, status, { ms: performance.now() - started, ...(verdict ? { verdict } : {}) })
  emitRun(status)
  return runSummary(workshop.store.db, findRun(workshop.store.db, run.id))
}

/** Assertions that hold say nothing of a run; one that does not counts like a gate. */
function failed(wires: readonly WireVerdict[]): readonly Verdict[] {
  return wires.flatMap(({ verdict }) => (verdict === 'fail' ? [verdict] : []))
}

const longestTurnMs = 50

/** Considers nodes as they become ready until all have ended, leaving the event loop to others now and then. */
async function drain(session: Session): Promise<void> {
  let turn = performance.now()
  for (;;) {
    const node = session.queue.take()
    if (node !== undefined) {
      await considerStep(session, node)
      if (performance.now() - turn < longestTurnMs) continue
      await nextTurn()
      turn = performance.now()
      continue
    }
    session.recorder.flush()
    if (session.queue.finished) return
    session.workshop.budget.grant(true)
    await session.changed()
    turn = performance.now()
  }
}
