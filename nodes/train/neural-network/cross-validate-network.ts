import type { Hash, Metric, Model, RunContext } from '#contract'
import { fitOnDevice } from '../fit-on-device.ts'
import { crossValidated, type LearnerRows } from '../learner.ts'
import { fitNetwork } from './fit-network.ts'
import { networkVersion } from './infer.ts'
import type { NetworkParams } from './params.ts'
import type { NetworkTask } from './read-task.ts'

interface Run {
  readonly inputs: { readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly context: RunContext
}

/**
 * Trains as many epochs as the model kept on parts of its training rows, whose rest nobody looked at, and judges by the rest:
 * means with Student's interval.
 */
export function crossValidatedNetwork(
  task: NetworkTask,
  params: NetworkParams,
  epochs: number,
  { inputs, context }: Run,
): Promise<Metric[]> {
  const learner = { type: 'train/neural-network', version: networkVersion, params } as const
  const part = { ...params, heldOut: 0, patience: 0 }
  const given = inputs.preparation
  const fit = async (rows: LearnerRows) => {
    const job = { rows, validation: undefined, given, params: part, until: Math.max(1, epochs), context }
    const fitted = await fitNetwork(job)
    return 'wants' in fitted ? fitOnDevice(fitted, context, (device) => fitNetwork({ ...job, device })) : fitted
  }
  return crossValidated(learnerRows(task), fit, learner, context)
}

function learnerRows({ plan, tables: { training, classes, protected: guarded } }: NetworkTask): LearnerRows {
  const { frame, target, weights } = training
  const rows = { frame, features: plan.features, target: plan.target, protected: guarded, ...(weights && { weights }) }
  return classes ? { ...rows, codes: Int32Array.from(target), classes } : { ...rows, values: Float64Array.from(target) }
}
