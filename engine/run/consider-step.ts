import { type AnyNode, type Problem, problemsOf } from '#contract'
import type { StepResult } from '#store/records'
import { addLog } from '#store/write-run'
import { commitStep } from './commit-step.ts'
import { executeStep, type StepOrder } from './execute-step.ts'
import type { ExecutionListener, Work } from './executions.ts'
import { findCached } from './find-cached.ts'
import { heldWire } from './held-wire.ts'
import { hasAssertions, judgeWires } from './judge-wires.ts'
import { nodeParams } from './prepare-run.ts'
import { steadyProgress, stepEvent } from './run-events.ts'
import { liveStep, type Session, type StepEnd, settleStep, stepInputs } from './session.ts'
import { type KeyedStep, keyStep } from './step-key.ts'

/** A node's sources are done: takes its result from the cache, or sets it to work and returns. */
export async function considerStep(session: Session, node: string): Promise<void> {
  if (isCancelled(session, node)) return settleStep(session, node, { status: 'cancelled' })
  const definition = session.workshop.types.get(session.prepared.document.nodes[node]!.type)!
  const stop =
    missingInput(session, node, definition) ?? heldWire(session, node) ?? heldEffect(session, node, definition)
  if (stop) return settleStep(session, node, stop)
  let keyed: KeyedStep
  try {
    keyed = await keyStep(
      ingredients(session, node, definition),
      session.workshop.code.of(definition.type),
      session.workshop,
    )
  } catch (error) {
    return settleStep(session, node, { status: 'failed', problems: problemsOf(error), ms: 0 })
  }
  const mayReuse = !definition.effect && (session.useCache || session.made.has(keyed.key.key))
  const result = mayReuse ? await findCached(session.workshop.store, keyed.key.key) : undefined
  if (result) {
    const end = { status: 'cached', keyed, result, ms: 0 } as const
    if (!hasAssertions(session.prepared.document, node)) return settleStep(session, node, end)
    return void settleJudged(session, node, end)
  }
  if (isCancelled(session, node)) return settleStep(session, node, { status: 'cancelled', keyed })
  void work(session, node, definition, keyed)
}

function isCancelled(session: Session, node: string): boolean {
  return session.cancelled || session.cancelledNodes.has(node)
}

function ingredients(session: Session, node: string, definition: AnyNode) {
  const { document } = session.prepared
  return {
    node: definition,
    params: nodeParams(document, node),
    seed: document.seed,
    inputs: stepInputs(session, node),
    pipeline: session.run.pipeline,
  }
}

/** A source that ended well may still have left out an output that is optional. */
function missingInput(session: Session, node: string, definition: AnyNode) {
  const inputs = stepInputs(session, node)
  const missing = Object.entries(definition.inputs).find(
    ([name, port]) => !port.optional && !port.many && !(name in inputs),
  )
  if (!missing) return undefined
  const problem: Problem = {
    code: 'port-missing',
    message: `The input "${missing[0]}" got nothing: the step before it gave no such output.`,
    path: ['inputs', missing[0]],
    fix: 'Wire an output that has a result.',
  }
  return { status: 'failed', problems: [problem], ms: 0 } as const
}

/** A step ends with what its outputs were found to be like; judging never fails, and is quick or runs beside others. */
async function settleJudged(session: Session, node: string, end: StepEnd & { result: StepResult }): Promise<void> {
  const { workshop, prepared } = session
  settleStep(session, node, { ...end, wires: await judgeWires(workshop, prepared.document, node, end.result.outputs) })
}

/** What acts on the world waits until every release at its inputs passes. */
function heldEffect(session: Session, node: string, definition: AnyNode) {
  if (!definition.effect) return undefined
  const wires = Object.entries(session.prepared.plan.inputs[node] ?? {}).flatMap(([port, sources]) =>
    sources.map((source) => ({ port, artifact: session.results.get(source.node)?.outputs[source.port] })),
  )
  const held = wires.find(({ artifact }) => artifact?.kind === 'release' && artifact.verdict !== 'pass')
  if (!held) return undefined
  const problem: Problem = {
    code: 'cancelled',
    message: `Skipped, because the release at its input "${held.port}" ${held.artifact?.verdict === 'wait' ? 'waits for a person' : 'did not pass'}.`,
    level: 'warning',
  }
  return { status: 'skipped', problems: [problem] } as const
}

async function work(session: Session, node: string, definition: AnyNode, keyed: KeyedStep): Promise<void> {
  const { workshop } = session
  const controller = new AbortController()
  session.working.set(node, controller)
  // Where one step has to be worked out, those behind it have to be too; but effects run alone after a cached run.
  const ahead = definition.effect ? 0 : session.prepared.plan.order.length - session.statuses.size
  workshop.pool.prepare(Math.min(workshop.threads, ahead))
  workshop.pool.expect(session.queue.followers(node).map((id) => session.prepared.document.nodes[id]!.type))
  let recorded = false
  const order: StepOrder = {
    ...ingredients(session, node, definition),
    keyed,
    commit(result, asked) {
      const wanted = !controller.signal.aborted
      const made = commitStep(session, node, { definition, keyed, result, asked, wanted })
      recorded = wanted
      return made
    },
  }
  try {
    const listener = stepListener(session, node)
    const begin: Work = (everyone, signal, finishing) => executeStep(workshop, order, everyone, signal, finishing)
    // Effects run each time, so each has a place of its own.
    const place = definition.effect ? (`${session.run.id}/${node}` as typeof keyed.key.key) : keyed.key.key
    session.places.set(node, place)
    const outcome = await workshop.executions.join(place, begin, listener, controller.signal)
    if (outcome.status === 'done') {
      session.made.add(keyed.key.key)
      listener.onDone()
      const status = outcome.owner ? 'done' : 'cached'
      await settleJudged(session, node, {
        status,
        keyed,
        result: outcome.result,
        ms: outcome.owner ? outcome.result.ms : 0,
        recorded,
      })
    } else if (outcome.status === 'failed')
      settleStep(session, node, { status: 'failed', keyed, problems: outcome.problems, ms: outcome.ms })
    else settleStep(session, node, { status: 'cancelled', keyed })
  } catch (error) {
    settleStep(session, node, { status: 'failed', keyed, problems: problemsOf(error), ms: 0 })
  }
}

function stepListener(session: Session, node: string): ExecutionListener & { onDone(): void } {
  const { workshop, run } = session
  const progress = steadyProgress((fraction, note) =>
    workshop.events.emit({ type: 'progress', run: run.id, node, fraction, ...(note === undefined ? {} : { note }) }),
  )
  return {
    onStart() {
      session.running.add(node)
      workshop.events.emit(stepEvent(liveStep(session, node)))
    },
    onProgress: progress.report,
    onLog(message, level) {
      try {
        addLog(workshop.store.db, run, { node, level, message })
      } catch (error) {
        // A line of the log is not worth the step: the disk may be full, or another engine hold the lineage.
        console.error(error)
      }
      workshop.events.emit({ type: 'log', run: run.id, node, level, message })
    },
    onShow: (blocks) => workshop.events.emit({ type: 'live', run: run.id, node, blocks }),
    onDone: progress.finish,
  }
}
