import type { Hash, Problem, StepSummary, WireVerdict } from '#contract'
import { placedProblem } from '#graph/cures/cure-view'
import type { EndedStatus, RunReference, StepRecord, StepResult } from '#store/records'
import { nodeParams, type PreparedRun } from './prepare-run.ts'
import { createReadyQueue, type ReadyQueue } from './ready-queue.ts'
import type { KeyedStep } from './step-key.ts'
import { createStepRecorder, type StepRecorder } from './step-recorder.ts'
import type { Workshop } from './workshop.ts'

/** A run under way: what has ended, what works, who was cancelled. */
export interface Session {
  readonly workshop: Workshop
  readonly run: RunReference
  readonly prepared: PreparedRun
  readonly useCache: boolean
  readonly queue: ReadyQueue
  readonly recorder: StepRecorder
  readonly position: ReadonlyMap<string, number>
  /** Steps that have ended, with what they gave. */
  readonly statuses: Map<string, EndedStatus>
  readonly results: Map<string, StepResult>
  /** What was found on the wires from steps that have ended. */
  readonly wires: Map<string, readonly WireVerdict[]>
  /** Steps at work, each with what stops it. */
  readonly working: Map<string, AbortController>
  readonly running: Set<string>
  /** Under which key the work of a node is shared. */
  readonly places: Map<string, Hash>
  /** Keys worked out in this run: taken again even when the cache is not used. */
  readonly made: Set<Hash>
  readonly cancelledNodes: Set<string>
  cancelled: boolean
  /** Lets the conductor look again. */
  wake(): void
  /** Settles when something has ended since the last look. */
  changed(): Promise<void>
}

export function openSession(workshop: Workshop, run: RunReference, prepared: PreparedRun, useCache: boolean): Session {
  let waken: () => void = () => {}
  let change = new Promise<void>((resolve) => {
    waken = resolve
  })
  return {
    workshop,
    run,
    prepared,
    useCache,
    queue: createReadyQueue(prepared.plan, (node) => effort(workshop, prepared, node)),
    recorder: createStepRecorder(workshop.store.db, run, workshop.events),
    position: new Map(prepared.plan.order.map((node, index) => [node, index])),
    statuses: new Map(),
    results: new Map(),
    wires: new Map(),
    working: new Map(),
    running: new Set(),
    places: new Map(),
    made: new Set(),
    cancelledNodes: new Set(),
    cancelled: false,
    wake: () => waken(),
    async changed() {
      await change
      change = new Promise((resolve) => {
        waken = resolve
      })
    },
  }
}

/** A search takes far longer than anything else: it begins first. */
function effort({ types }: Workshop, { document }: PreparedRun, node: string): number {
  return types.get(document.nodes[node]!.type)?.traits?.includes('tunes') ? 20 : 1
}

export interface StepEnd {
  readonly status: EndedStatus
  readonly keyed?: KeyedStep
  readonly result?: StepResult
  readonly problems?: readonly Problem[]
  readonly ms?: number
  readonly wires?: readonly WireVerdict[]
  /** The lineage has it already. */
  readonly recorded?: boolean
}

/** A step has ended: keeps it, and ends those that can no longer run because of it. */
export function settleStep(session: Session, node: string, end: StepEnd): void {
  const { status, result } = end
  session.working.delete(node)
  session.running.delete(node)
  session.statuses.set(node, status)
  if (result) session.results.set(node, result)
  if (end.wires) session.wires.set(node, end.wires)
  session.recorder.add(stepRecord(session, node, end), end.recorded)
  const well = status === 'done' || status === 'cached'
  for (const lost of session.queue.settle(node, well)) {
    const lostStatus = session.cancelled ? 'cancelled' : 'skipped'
    session.statuses.set(lost, lostStatus)
    const problems = session.cancelled ? [] : [skipReason(session, node, status)]
    session.recorder.add(stepRecord(session, lost, { status: lostStatus, problems }))
  }
  session.wake()
}

export function stepTitle(session: Session, node: string): string {
  const { title, type } = session.prepared.document.nodes[node]!
  return title ?? session.workshop.types.get(type)?.title ?? node
}

const reasons = { failed: 'failed', cancelled: 'was cancelled', skipped: 'was skipped' } as const

function skipReason(session: Session, node: string, status: EndedStatus): Problem {
  const how = reasons[status as keyof typeof reasons]
  return {
    code: 'cancelled',
    message: `Skipped, because "${stepTitle(session, node)}" ${how}.`,
    level: 'warning',
  }
}

export function stepRecord(session: Session, node: string, end: StepEnd): StepRecord {
  const { type, version } = session.prepared.document.nodes[node]!
  const { keyed, result } = end
  const inputs = keyed ? stepInputs(session, node) : {}
  return {
    position: session.position.get(node)!,
    node,
    type,
    version,
    title: stepTitle(session, node),
    status: end.status,
    ...(keyed ? { key: keyed.key } : {}),
    params: keyed?.params ?? nodeParams(session.prepared.document, node),
    inputs: Object.fromEntries(Object.entries(inputs).map(([port, hash]) => [port, [hash].flat() as Hash[]])),
    sources: keyed?.sources ?? [],
    problems: (end.problems ?? []).map((problem) => placedProblem(problem, node)),
    ...(result ? { result } : {}),
    ...(end.wires ? { wires: end.wires } : {}),
    ...(end.ms === undefined ? {} : { ms: end.ms }),
  }
}

/** Artifact hashes at the input ports of a node whose sources have ended well. */
export function stepInputs(session: Session, node: string): Readonly<Record<string, Hash | readonly Hash[]>> {
  const ports = session.workshop.types.get(session.prepared.document.nodes[node]!.type)!.inputs
  const inputs: Record<string, Hash | readonly Hash[]> = {}
  for (const [port, wires] of Object.entries(session.prepared.plan.inputs[node] ?? {})) {
    const hashes = wires.flatMap((wire) => session.results.get(wire.node)?.outputs[wire.port]?.hash ?? [])
    if (ports[port]?.many) inputs[port] = hashes
    else if (hashes[0] !== undefined) inputs[port] = hashes[0]
  }
  return inputs
}

/** Steps that have not ended, as a detail of the run shows them. */
export function liveSteps(session: Session): readonly StepSummary[] {
  return session.prepared.plan.order
    .filter((node) => !session.statuses.has(node))
    .map((node) => liveStep(session, node))
}

export function liveStep(session: Session, node: string): StepSummary {
  return {
    run: session.run.id,
    node,
    nodeType: session.prepared.document.nodes[node]!.type,
    status: session.running.has(node) ? 'running' : 'queued',
    title: stepTitle(session, node),
    problems: [],
    outputs: {},
  }
}
