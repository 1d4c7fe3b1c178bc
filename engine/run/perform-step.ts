import { statSync } from 'node:fs'
import path from 'node:path'
import { createRunContext } from '#compute/context'
import {
  type AnyNode,
  type CardFact,
  type Hash,
  type Hashes,
  type Metric,
  type Ports,
  type PortValue,
  ProblemError,
  problemsOf,
  type RegistryRequest,
  type ReportBlock,
  type RunContext,
  type Table,
  type Values,
  type Verdict,
} from '#contract'
import type { ContentFiles } from '#store/content-files'
import type { NewArtifact } from '#store/records'
import { openStagedBlobs, type StagedBlobs } from '#store/staged-blobs'
import { bulkOf, getValue, namedHashes, putValue } from '#store/values'
import { beginPeakMemory } from './peak-memory.ts'
import { worstVerdict } from './verdict.ts'
import { blobsFolder, type MadeStep, type StepTask, workFolder } from './worker-messages.ts'

export interface StepHooks {
  readonly project: string
  readonly engineVersion: string
  onProgress(fraction: number, note?: string): void
  onLog(message: string, level: 'info' | 'warning'): void
  onShow(blocks: readonly ReportBlock[]): void
  /** Takes what gives more threads to a step that can use them. */
  onCrew?(grow: (threads: number) => void): void
  cancelled(): boolean
  finishing(): boolean
}

type Outputs = Readonly<Record<string, PortValue>>

/** Runs one node in this process; what it makes waits in the task's folder. */
export async function performStep(
  node: AnyNode,
  task: StepTask,
  store: ContentFiles,
  hooks: StepHooks,
): Promise<MadeStep> {
  const blobs = openStagedBlobs(store, path.join(task.folder, blobsFolder))
  const peak = beginPeakMemory()
  const started = performance.now()
  const asked: RegistryRequest[] = []
  const context = createRunContext({
    blobs,
    reviews: task.reviews,
    opinions: task.opinions,
    onRegistry: (request) => asked.push(request),
    ...hooks,
    temporary: path.join(task.folder, workFolder),
    seed: task.seed,
    budget: task.budget,
    ...(task.checkpoint === undefined ? {} : { checkpoint: task.checkpoint }),
  })
  try {
    const params = node.params.parse(task.params)
    const { inputs, hashes } = await readInputs(node, task, blobs)
    const outputs = (await node.run({ inputs, hashes, params, context })) as Outputs
    context.signal.throwIfAborted()
    const artifacts = await keepOutputs(node, outputs, blobs)
    const shown = await describeResult(node, { inputs, outputs, hashes, params, context }, blobs, hooks)
    context.signal.throwIfAborted()
    return {
      outputs: artifacts,
      ...shown,
      ...verdictOf(outputs),
      metrics: metricsOf(outputs),
      ms: performance.now() - started,
      peakBytes: peak.end(),
      staged: blobs.written(),
      asked,
    }
  } finally {
    await context.close()
  }
}

async function readInputs(
  node: AnyNode,
  task: StepTask,
  blobs: StagedBlobs,
): Promise<{ inputs: Values<Ports>; hashes: Hashes<Ports> }> {
  const inputs: Record<string, unknown> = {}
  const hashes: Record<string, unknown> = {}
  for (const [name, port] of Object.entries(node.inputs)) {
    const wired = task.inputs[name]
    hashes[name] = port.many ? (wired ?? []) : wired
    if (Array.isArray(wired)) inputs[name] = await Promise.all(wired.map((hash: Hash) => getValue(blobs, hash)))
    else inputs[name] = wired === undefined ? (port.many ? [] : undefined) : await getValue(blobs, wired as Hash)
  }
  return { inputs: inputs as Values<Ports>, hashes: hashes as Hashes<Ports> }
}

async function keepOutputs(
  node: AnyNode,
  outputs: Outputs,
  blobs: StagedBlobs,
): Promise<Readonly<Record<string, NewArtifact>>> {
  const kept: Record<string, NewArtifact> = {}
  for (const [name, port] of Object.entries(node.outputs)) {
    const value = outputs?.[name]
    if (value === undefined && port.optional) continue
    if (value?.kind !== port.type)
      throw new ProblemError({
        code: 'internal',
        message: `The node type ${node.type} gave ${value === undefined ? 'nothing' : `"${value.kind}"`} at its output "${name}", which is of type ${port.type}.`,
      })
    kept[name] = await keepOutput(value, blobs)
  }
  return kept
}

async function keepOutput(value: PortValue, blobs: StagedBlobs): Promise<NewArtifact> {
  const { hash, bytes } = await putValue(blobs, value)
  const bulk = bulkOf(value).reduce((sum, content) => sum + statSync(blobs.path(content)).size, 0)
  return {
    hash,
    kind: value.kind,
    bytes: bytes + bulk,
    ...(value.kind === 'table' ? { rows: (value as Table).rows, columns: (value as Table).columns.length } : {}),
    ...(value.kind === 'release' ? { verdict: value.verdict } : {}),
    references: namedHashes(value).filter((content) => content !== hash && blobs.knows(content)),
  }
}

interface Ran {
  readonly inputs: Values<Ports>
  readonly outputs: Outputs
  readonly hashes: Hashes<Ports>
  readonly params: Record<string, unknown>
  readonly context: RunContext
}

/** The card and the report blocks. A step whose picture fails is still done; its log says so. */
async function describeResult(
  node: AnyNode,
  ran: Ran,
  blobs: StagedBlobs,
  hooks: StepHooks,
): Promise<{ card?: CardFact; report?: Hash }> {
  const attempt = async <T>(what: string, make: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await make()
    } catch (error) {
      const problem = problemsOf(error)[0]!
      if (problem.code === 'cancelled') throw error
      hooks.onLog(`The ${what} of this step could not be made: ${problem.message}`, 'warning')
      return undefined
    }
  }
  const card = node.card && (await attempt('card', async () => node.card!(ran)))
  const report = node.report && (await attempt('report', async () => putValue(blobs, await node.report!(ran))))
  return { ...(card ? { card } : {}), ...(report ? { report: report.hash } : {}) }
}

function verdictOf(outputs: Outputs): { verdict?: Verdict } {
  const verdict = worstVerdict(
    Object.values(outputs).flatMap((value) => (value?.kind === 'release' ? [value.verdict] : [])),
  )
  return verdict ? { verdict } : {}
}

/** Figures a gate or a comparison of runs may name, wherever a document carries them. */
function metricsOf(outputs: Outputs): readonly Metric[] {
  return Object.values(outputs).flatMap((value) => (value && 'metrics' in value ? value.metrics : []))
}
