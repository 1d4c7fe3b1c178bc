import {
  type Hash,
  type JsonValue,
  type Metric,
  type Model,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import {
  ArchitectureSearch,
  type ArchitectureSearchJson,
  type CandidateRecord,
} from '#ml/architecture/architecture-search'
import {
  type ArchitectureFrame,
  type ArchitectureSpace,
  macroSpace,
  microSpace,
} from '#ml/architecture/architecture-space'
import type { CandidateJob, CandidateResult, CandidateSetting } from '#ml/architecture/train-candidate'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import type { Layer } from '#ml/neural/network'
import { createRandom } from '#ml/random/random'
import { latencyMetric } from '../../optimise/row-latency.ts'
import { networkModel } from '../neural-network/describe-network.ts'
import { firstLayers } from '../neural-network/layer-list.ts'
import { type NetworkTask, readNetworkTask } from '../neural-network/read-task.ts'
import { sharedCopy } from '../share-memory.ts'
import { patience, type SearchParams, scheduleOf } from './params.ts'
import { liveBlocks } from './report.ts'
import { type Latencies, openStopwatch, type Stopwatch } from './stopwatch.ts'
import { trainCandidates } from './train-candidates.ts'
import { trialsFrame } from './trials-frame.ts'

export const searchVersion = 2

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: SearchParams
  readonly context: RunContext
}

export async function searchArchitectures(run: Run): Promise<{ model: Model; trials: Table }> {
  const { inputs, params, context } = run
  const task = await readNetworkTask({ inputs, params: { ...params, loss: 'squared' }, context })
  const setting = candidateSetting(task, params, context)
  const kept = await readCheckpoint(context)
  const stopwatch = params.latency === 'measured' ? openStopwatch(task, context, kept?.latencies) : undefined
  const search = openSearch(spaceOf(task, params), params, context.seed, stopwatch, kept)
  const winner = await conduct(search, setting, stopwatch, params, context)
  if (!winner) throw nothingFound(search, stopwatch, params)
  const { record, trained, result } = winner
  const bestEpoch = result.history.findIndex(({ validationLoss }) => validationLoss === result.loss)
  const reason = result.reason === 'forecast' ? 'stopped-early' : result.reason
  const learner = {
    type: 'train/architecture-search',
    version: searchVersion,
    params: { ...params, candidate: record.number } as JsonValue,
  }
  const course = {
    history: result.history,
    bestEpoch: Math.max(0, bestEpoch),
    reason,
    ...(result.device && { device: result.device }),
  }
  const found = await networkModel({ ...run, learner }, task, trained, course)
  const model = { ...found, metrics: [...found.metrics, ...latencyMetrics(record)] }
  const trials = await context.tables.write(trialsFrame(search.records))
  context.progress(1)
  return { model, trials }
}

const latencyMetrics = ({ latency }: CandidateRecord): readonly Metric[] =>
  latency ? [latencyMetric(50, 1, latency.median), latencyMetric(95, 1, latency.p95)] : []

/** What all candidates learn from and are judged by. Throws a ProblemError where there are no rows to judge by. */
export function candidateSetting(
  task: NetworkTask,
  params: SearchParams,
  context: Pick<RunContext, 'seed'>,
): CandidateSetting {
  if (!task.validation)
    throw new ProblemError({
      code: 'rows-missing',
      message:
        'There are no rows to judge candidates by: the table has no validation rows, and too few to hold some out.',
      path: ['inputs', 'table'],
      fix: 'Put a split with validation rows in front, or connect a table with more rows',
    })
  checkTargets(task)
  return {
    train: shared(shuffled(task.training, context.seed)),
    validation: shared(task.validation),
    loss: task.loss,
    optimizer: { kind: 'adam' },
    learningRate: params.learningRate,
    schedule: { kind: scheduleOf(params.estimation) },
    batchRows: params.batch,
    patience,
  }
}

/** Numbers that can not be learned, or whose share that is explained can not be judged. */
function checkTargets({ training, validation, plan: { task, target } }: NetworkTask): void {
  if (task === 'classes') return
  const about = { code: 'data-bad' as const, path: ['inputs', 'table'], columns: [target.name] }
  if (![training, validation].every((part) => part?.targets.every(Number.isFinite)))
    throw new ProblemError({
      ...about,
      message: `Numbers of ${target.name} are too large to be learned: their spread can not be told.`,
      fix: `Divide ${target.name} by a power of ten, or take its logarithm, before this step`,
    })
  const { targets } = validation!
  if (targets.every((value) => value === targets[0]))
    throw new ProblemError({
      ...about,
      message: `${target.name} is the same in all validation rows, so candidates can not be judged by them.`,
      fix: `Put a split in front in whose validation rows ${target.name} varies`,
    })
}

type Data = CandidateSetting['train']

/** In a drawn order, so that the first rows are a fair sample for short trainings. */
function shuffled({ rows, features, targets, weights }: Data, seed: number): Data {
  const order = createRandom(seed).split('rows').permutation(rows)
  const pick = (values: Float32Array) => {
    const each = values.length / rows
    const picked = new Float32Array(values.length)
    order.forEach((row, at) => picked.set(values.subarray(row * each, (row + 1) * each), at * each))
    return picked
  }
  return { rows, features: pick(features), targets: pick(targets), ...(weights && { weights: pick(weights) }) }
}

/** On memory that all threads see, instead of a copy for each. */
function shared({ rows, features, targets, weights }: Data): Data {
  return {
    rows,
    features: sharedCopy(features),
    targets: sharedCopy(targets),
    ...(weights && { weights: sharedCopy(weights) }),
  }
}

/** The networks a search draws from. */
export function spaceOf({ encoded: { shape }, outputs }: NetworkTask, params: SearchParams): ArchitectureSpace {
  const words: readonly Layer[] =
    shape.kind === 'words' ? [{ kind: 'wordMean', levels: shape.words ?? 2, width: 32 }] : []
  const frame: ArchitectureFrame = { inputs: shape.shape, front: [...firstLayers(shape), ...words], outputs }
  return params.space === 'micro' ? microSpace(frame) : macroSpace(frame, params.blocks)
}

interface Kept extends ArchitectureSearchJson {
  readonly latencies?: Latencies
}

async function readCheckpoint(context: RunContext): Promise<Kept | undefined> {
  const kept = await context.checkpoint.read()
  return kept && (JSON.parse(new TextDecoder().decode(kept)) as Kept)
}

const keep = (search: ArchitectureSearchJson, stopwatch: Stopwatch | undefined, context: RunContext): Promise<void> => {
  const kept: Kept = { ...search, ...(stopwatch && { latencies: stopwatch.found }) }
  return context.checkpoint.write(new TextEncoder().encode(JSON.stringify(kept)))
}

/** As it stood when it was interrupted, or new. */
function openSearch(
  space: ArchitectureSpace,
  params: SearchParams,
  seed: number,
  stopwatch: Stopwatch | undefined,
  kept: Kept | undefined,
): ArchitectureSearch {
  const { strategy, estimation, trials, epochs, fidelity, smaller, finalists } = params
  const { mostKilobytes, mostMultiplyAdds, mostMilliseconds, preferSmall } = params
  const [bytes, work, time] = [1_000 * mostKilobytes, 1e6 * mostMultiplyAdds, stopwatch ? mostMilliseconds : 0]
  const objective = {
    ...(bytes > 0 && { mostBytes: bytes, targetBytes: bytes / 2 }),
    ...(work > 0 && { mostMultiplyAdds: work, targetMultiplyAdds: work / 2 }),
    ...(time > 0 && { mostMilliseconds: time, targetMilliseconds: time / 2 }),
    weight: preferSmall,
  }
  const options = { strategy, estimation, objective, trials, epochs, fidelity, smaller, finalists, seed }
  return new ArchitectureSearch(space, { ...options, ...(stopwatch && { measure: stopwatch.measure }) }, kept)
}

interface Winner {
  readonly record: CandidateRecord
  readonly trained: TrainedNetwork
  readonly result: CandidateResult
}

/** Trains batch after batch until the search is over or somebody wants what there is. */
async function conduct(
  search: ArchitectureSearch,
  setting: CandidateSetting,
  stopwatch: Stopwatch | undefined,
  params: SearchParams,
  context: RunContext,
): Promise<Winner | undefined> {
  const candidates = trainCandidates(setting, params.device, context)
  const all = search.left + search.records.length
  let best: { readonly number: number; readonly job: CandidateJob; readonly result: CandidateResult } | undefined
  try {
    for (;;) {
      if (context.signal.finishing && search.records.length > 0) break
      const before = stopwatch && search.toJson()
      const batch = await search.nextBatch()
      if (batch.length === 0) break
      if (before) await keep(before, stopwatch, context)
      const results = await Promise.all(batch.map(({ job }) => candidates.train(job)))
      context.signal.throwIfAborted()
      search.tell(results)
      const leader = search.best()?.number
      batch.forEach(({ number, job }, index) => {
        if (number === leader) best = { number, job, result: results[index]! }
      })
      await keep(search.toJson(), stopwatch, context)
      context.show(liveBlocks(search.records, params))
      const done = search.records.length
      context.progress(0.02 + (0.93 * done) / Math.max(all, done + search.left), `${done} candidates`)
    }
    if (search.exhausted)
      context.log(
        `Ended after ${search.records.length} candidates: too many of those drawn were over a limit or there before. A wider space, another strategy or larger limits give more.`,
        'warning',
      )
    const record = search.best()
    if (!record) return undefined
    // After a break the winner's values are gone: the same training gives the same ones. Those of small pictures are no use.
    const kept = best?.number === record.number && !best.job.smaller
    const job = kept ? undefined : search.jobAgain(record)
    const result = job ? await candidates.train(job) : best!.result
    const { parameters, statistics } = result
    return { record, result, trained: { network: record.network, parameters, statistics } }
  } finally {
    await candidates.close()
  }
}

function nothingFound(search: ArchitectureSearch, stopwatch: Stopwatch | undefined, params: SearchParams) {
  if (search.records.length > 0)
    return new ProblemError({
      code: 'data-bad',
      message: 'No candidate could be trained: the loss of each ran away.',
      path: ['params', 'learningRate'],
      fix: 'Lower the learning rate',
    })
  const quickest = Math.min(...(stopwatch?.found ?? []).map(([, { p95 }]) => p95))
  if (Number.isFinite(quickest))
    return new ProblemError({
      code: 'parameter-bad',
      message: `The quickest of ${stopwatch!.found.length} networks takes ${quickest.toPrecision(2)} ms a row here, more than ${params.mostMilliseconds}.`,
      path: ['params', 'mostMilliseconds'],
      fix: 'Allow a longer time, or search the other space',
    })
  return new ProblemError({
    code: 'parameter-bad',
    message: 'No network of the space keeps the limits.',
    path: ['params', params.mostKilobytes > 0 ? 'mostKilobytes' : 'mostMultiplyAdds'],
    fix: 'Raise the limit, or search the other space',
  })
}
