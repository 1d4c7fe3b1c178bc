import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type AnyNode, type Hash, type JsonValue, type Problem, problemsOf, type RegistryRequest } from '#contract'
import type { NewArtifact, StepResult } from '#store/records'
import { customFamily } from './custom/custom-folder.ts'
import { takeOver } from './custom/take-over.ts'
import type { ExecutionListener, Outcome } from './executions.ts'
import { performOnWorker } from './perform-on-worker.ts'
import { type KeyedStep, measuresHere } from './step-key.ts'
import { blobsFolder, type MadeStep } from './worker-messages.ts'
import type { Workshop } from './workshop.ts'

export interface StepOrder {
  readonly node: AnyNode
  readonly params: Readonly<Record<string, JsonValue>>
  readonly seed: number
  readonly inputs: Readonly<Record<string, Hash | readonly Hash[]>>
  readonly keyed: KeyedStep
  /** Enters the result in the lineage, in one transaction with what the step asked of the registry; artifacts are on disk by then. Gives what was entered. */
  commit(result: StepResult<NewArtifact>, asked: readonly RegistryRequest[]): StepResult
}

let nextId = 1

/** Waits for a share of the machine, runs a step on a worker, publishes what it made and commits it. */
export async function executeStep(
  workshop: Workshop,
  order: StepOrder,
  listener: ExecutionListener,
  signal: AbortSignal,
  finishing: AbortSignal,
): Promise<Outcome> {
  const lease = await workshop.budget.request(signal, measuresHere(order.node, order.params))
  if (!lease) return { status: 'cancelled' }
  const id = nextId++
  const folder = path.join(workshop.store.temporary, `step-${id}`)
  const checkpoint = path.join(workshop.store.folder, 'checkpoints', order.keyed.key.key)
  const started = performance.now()
  try {
    mkdirSync(folder, { recursive: true })
    listener.onStart()
    const { threads, bytes } = lease
    const task = {
      id,
      type: order.node.type,
      params: order.params,
      seed: order.seed,
      inputs: order.inputs,
      budget: { threads, bytes },
      reviews: order.keyed.reviews,
      opinions: order.keyed.opinions,
      folder,
      ...(order.node.effect ? {} : { checkpoint }),
    }
    const answer = await performOnWorker(
      workshop.custom.pool(order.node.type) ?? workshop.pool,
      task,
      { ...listener, onCrew: (grow) => lease.wantMore((threads) => growCrew(workshop, grow, threads)) },
      signal,
      finishing,
    )
    if (answer.status === 'failed') lookAnew(workshop, order, answer.problems[0]?.code)
    if (answer.status === 'failed') return { ...answer, ms: performance.now() - started }
    if (answer.status !== 'done') return answer
    const outcome = await finish(workshop, order, answer.made, folder)
    if (outcome.status === 'done') await rm(checkpoint, { force: true })
    return outcome
  } catch (error) {
    return { status: 'failed', problems: problemsOf(error), ms: performance.now() - started }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    lease.release()
    workshop.budget.grant()
  }
}

function growCrew(workshop: Workshop, grow: (threads: number) => void, threads: number): void {
  if (threads === workshop.threads) workshop.pool.dismiss()
  grow(threads)
}

async function finish(workshop: Workshop, order: StepOrder, made: MadeStep, folder: string): Promise<Outcome> {
  const changed = order.keyed.sources.find((source) => !workshop.sources.same(source))
  if (changed)
    return {
      status: 'failed',
      problems: [
        {
          code: 'file-unreadable',
          message: `The file "${changed.path}" changed while it was read.`,
          fix: 'Run again when the file is complete.',
        },
      ],
      ms: made.ms,
    }
  const isCustom = order.node.type.startsWith(`${customFamily}/`)
  if (isCustom && !workshop.custom.same()) return { status: 'failed', problems: [codeChanged], ms: made.ms }
  const { staged, asked, ...result } = made
  if (isCustom) await takeOver(path.join(folder, blobsFolder), staged)
  workshop.store.files.publish(path.join(folder, blobsFolder), staged)
  return { status: 'done', result: order.commit(result, isCustom ? [] : asked) }
}

const codeChanged: Problem = {
  code: 'not-supported',
  message: 'The code of this custom node changed while it ran.',
  fix: 'Run it again.',
}

/** A worker found an input damaged that looked whole from here: the next run looks at it again. */
function lookAnew(workshop: Workshop, order: StepOrder, code: string | undefined): void {
  if (code !== 'artifact-damaged') return
  const inputs = Object.values(order.inputs).flat() as Hash[]
  const named = inputs.flatMap((hash) =>
    workshop.store.db
      .all('SELECT content FROM artifact_references WHERE artifact = ?', hash)
      .map((row) => row.content as Hash),
  )
  workshop.store.files.forget([...inputs, ...named])
}
