import type { Hash, JsonValue, Model, RunContext, Table } from '#contract'
import { crossValidatedNetwork } from './cross-validate-network.ts'
import { networkModel } from './describe-network.ts'
import { networkVersion } from './infer.ts'
import { layerFacts } from './layer-list.ts'
import { chooseNetwork, designOf, learned, trainerOptions } from './network-options.ts'
import type { NetworkParams } from './params.ts'
import { readNetworkTask } from './read-task.ts'
import { trainOn } from './train-on.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: NetworkParams
  readonly context: RunContext
}

export async function trainNetwork(run: Run): Promise<{ model: Model }> {
  const { params, context } = run
  const task = await readNetworkTask(run)
  const network = chooseNetwork(task, params)
  const { training, validation } = task
  const options = trainerOptions(network, task.loss, params, context.seed)
  const job = { training, validation, layers: layerFacts(network) }
  const { outcome, device } = await trainOn(options, job, params, firstPart(context, params.folds > 0))
  const learner = {
    type: 'train/neural-network',
    version: networkVersion,
    params: { ...params } as unknown as JsonValue,
  }
  const model = await networkModel({ ...run, learner }, task, { network, ...learned(outcome) }, { ...outcome, device })
  const settled = { ...params, design: designOf(task, params) }
  const folds = await crossValidatedNetwork(task, settled, outcome.bestEpoch + 1, run)
  context.progress(1)
  return { model: { ...model, metrics: [...folds, ...model.metrics] } }
}

/** Progress of the training where folds are still to come. */
const firstPart = (context: RunContext, folds: boolean): RunContext =>
  folds ? { ...context, progress: (fraction, note) => context.progress(0.4 * fraction, note) } : context
