import { type Hash, type JsonValue, type Model, ProblemError, type RunContext, type Table } from '#contract'
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
import { networkModel } from '../neural-network/describe-network.ts'
import { firstLayers } from '../neural-network/layer-list.ts'
import { type NetworkTask, readNetworkTask } from '../neural-network/read-task.ts'
import { sharedCopy } from '../share-memory.ts'
import type { SearchParams } from './params.ts'
import { liveBlocks } from './report.ts'
import { trainCandidates } from './train-candidates.ts'
import { trialsFrame } from './trials-frame.ts'

export const searchVersion = 2

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: SearchParams
  readonly context: RunContext
}

/** Epochs without a better validation loss after which a candidate ends. */
const patience = 5

export async function searchArchitectures(run: Run): Promise<{ model: Model; trials: Table }> {
  const { inputs, params, context } = run
  const task = await readNetworkTask({ inputs, params: { ...params, loss: 'squared' }, context })
  const setting = candidateSetting(task, params, context)
  const search = await openSearch(spaceOf(task, params), params, context)
  const winner = await conduct(search, setting, params, context)
  if (!winner) throw nothingFound(search, params)
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
  const model = await networkModel({ ...run, learner }, task, trained, course)
  const trials = await context.tables.write(trialsFrame(search.records))
  context.progress(1)
  return { model, trials }
}

function candidateSetting(task: NetworkTask, params: SearchParams, context: RunContext): CandidateSetting {
  if (!task.validation)
    throw new ProblemError({
      code: 'rows-missing',
      message:
        'There are no rows to judge candidates by: the table has no validation rows, and too few to hold some out.',
      path: ['inputs', 'table'],
      fix: 'Put a split with validation rows in front, or connect a table with more rows',
    })
  return {
    train: shared(shuffled(task.training, context.seed)),
    validation: shared(task.validation),
    loss: task.loss,
    optimizer: { kind: 'adam' },
    learningRate: params.learningRate,
    // Forecasts of curves do not foresee what a falling rate brings at the end.
    ...(params.estimation !== 'curve' && { schedule: { kind: 'cosine' } }),
    batchRows: params.batch,
    patience,
  }
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

function spaceOf({ encoded: { shape }, outputs }: NetworkTask, params: SearchParams): ArchitectureSpace {
  const words: readonly Layer[] =
    shape.kind === 'words' ? [{ kind: 'wordMean', levels: shape.words ?? 2, width: 32 }] : []
  const frame: ArchitectureFrame = { inputs: shape.shape, front: [...firstLayers(shape), ...words], outputs }
  return params.space === 'micro' ? microSpace(frame) : macroSpace(frame, params.blocks)
}

/** As it stood when it was interrupted, or new. */
async function openSearch(space: ArchitectureSpace, params: SearchParams, context: RunContext) {
  const kept = await context.checkpoint.read()
  const saved = kept && (JSON.parse(new TextDecoder().decode(kept)) as ArchitectureSearchJson)
  const { strategy, estimation, trials, epochs, fidelity, smaller, finalists } = params
  const { mostKilobytes, mostMultiplyAdds, preferSmall } = params
  const [bytes, work] = [1_000 * mostKilobytes, 1e6 * mostMultiplyAdds]
  const objective = {
    ...(bytes > 0 && { mostBytes: bytes, targetBytes: bytes / 2 }),
    ...(work > 0 && { mostMultiplyAdds: work, targetMultiplyAdds: work / 2 }),
    weight: preferSmall,
  }
  const options = { strategy, estimation, objective, trials, epochs, fidelity, smaller, finalists, seed: context.seed }
  return new ArchitectureSearch(space, options, saved)
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
  params: SearchParams,
  context: RunContext,
): Promise<Winner | undefined> {
  const candidates = trainCandidates(setting, params.device, context)
  const all = search.left + search.records.length
  let best: { readonly number: number; readonly job: CandidateJob; readonly result: CandidateResult } | undefined
  try {
    for (;;) {
      const batch = context.signal.finishing && search.records.length > 0 ? [] : search.nextBatch()
      if (batch.length === 0) break
      const results = await Promise.all(batch.map(({ job }) => candidates.train(job)))
      context.signal.throwIfAborted()
      search.tell(results)
      const leader = search.best()?.number
      batch.forEach(({ number, job }, index) => {
        if (number === leader) best = { number, job, result: results[index]! }
      })
      await context.checkpoint.write(new TextEncoder().encode(JSON.stringify(search.toJson())))
      context.show(liveBlocks(search.records, params))
      const done = search.records.length
      context.progress(0.02 + (0.93 * done) / Math.max(all, done + search.left), `${done} candidates`)
    }
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

function nothingFound(search: ArchitectureSearch, params: SearchParams) {
  const limited = params.mostKilobytes > 0 || params.mostMultiplyAdds > 0
  return search.records.length === 0 && limited
    ? new ProblemError({
        code: 'parameter-bad',
        message: 'No network of the space keeps the limits.',
        path: ['params', params.mostKilobytes > 0 ? 'mostKilobytes' : 'mostMultiplyAdds'],
        fix: 'Raise the limit, or search the other space',
      })
    : new ProblemError({
        code: 'data-bad',
        message: 'No candidate could be trained: the loss of each ran away.',
        path: ['params', 'learningRate'],
        fix: 'Lower the learning rate',
      })
}
