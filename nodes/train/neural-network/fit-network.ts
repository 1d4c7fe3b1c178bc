import { networkCost } from '#ml/architecture/network-cost'
import { modelScores } from '#ml/architecture/train-candidate'
import { looksForDevice } from '#ml/neural/best-device'
import { checkpointBytes, checkpointFrom } from '#ml/neural/checkpoint-bytes'
import { networkModel } from '#ml/neural/export-network'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import { networkFile } from '#ml/neural/network-file'
import { type Checkpoint, createTrainer, type TrainerOptions, type TrainingOutcome } from '#ml/neural/trainer'
import { positiveClass } from '#ml/target-cells'
import type { FitContext, LearnerRows } from '../learner.ts'
import { someRows } from '../learning-rows.ts'
import { judgeScores } from '../tree-model.ts'
import type { DeviceWish, FitJob, FittedTrial } from '../tunable-learner.ts'
import type { NetworkPlan } from './infer.ts'
import { chooseNetwork, learned, trainerOptions } from './network-options.ts'
import type { NetworkParams } from './params.ts'
import { heldOut, type NetworkRows, type NetworkTables } from './read-rows.ts'
import { type NetworkTask, networkTask } from './read-task.ts'

/** Trained as the node does it, on one thread or on a device, and judged by the network's own scores. */
export async function fitNetwork({
  rows,
  validation,
  given,
  params,
  until,
  from,
  device,
  context,
}: FitJob<NetworkParams>): Promise<FittedTrial | DeviceWish> {
  const plan = planOf(rows, params)
  const task = networkTask(plan, tablesOf(rows, validation, params, context.seed), params, given)
  const network = chooseNetwork(task, params)
  const work = 3 * task.training.rows * networkCost(network).multiplyAdds
  if (device === undefined && looksForDevice(params.device, work)) return { wants: params.device, work }
  const classes = 'codes' in rows ? rows.classes : []
  const positive = classes.length === 2 ? positiveClass(classes, params.positive) : undefined
  const open = await context.kernels.sessions(1)
  const { patience: _, ...patient } = trainerOptions(network, task.loss, params, context.seed)
  const options: TrainerOptions = task.validation
    ? { ...patient, ...(params.patience > 0 && { patience: params.patience }) }
    : patient
  const trainer = await createTrainer(
    open,
    options,
    task.training,
    task.validation,
    device === 'cpu' ? undefined : device,
  )
  try {
    const resume = from && checkpointFrom(from)
    const enough = (history: TrainingOutcome['history']) => until !== undefined && history.length >= until
    const outcome = await trainer.train({
      ...(resume && { resume }),
      // One that had lost its patience has ended, here as in one go.
      cancelled: () => context.signal.aborted || (resume !== undefined && outOfPatience(resume, options.patience)),
      afterEpoch: enough,
    })
    context.signal.throwIfAborted()
    const trained: TrainedNetwork = { network, ...learned(outcome) }
    return {
      judge: async (judged) =>
        outcome.reason === 'diverged'
          ? []
          : judgeScores(judged, await scoresOf(task, trained, judged, context), params.threshold, positive),
      state: () => checkpointBytes(outcome.checkpoint),
      cost: (of) => (of === 'work' ? networkCost(network).multiplyAdds : fileOf(plan, task, trained).byteLength),
    }
  } finally {
    await trainer.close()
  }
}

const outOfPatience = ({ history, best }: Checkpoint, patience = Number.POSITIVE_INFINITY) =>
  history.length - 1 - best.epoch >= patience

const fileOf = ({ features }: NetworkPlan, { encoded, loss, output }: NetworkTask, trained: TrainedNetwork) =>
  networkFile({
    input: encoded.input,
    trained,
    loss: loss.kind,
    columns: features.map(({ name }) => name),
    ...(output && { output }),
  })

/** What `planNetwork` finds in the table, of rows that are read already. */
function planOf({ features, target, ...rows }: LearnerRows, { input }: NetworkParams): NetworkPlan {
  const [first] = features
  const alone = features.length === 1 && first!.type === 'text' ? 'text' : 'columns'
  const found = first?.type === 'image' ? 'image' : alone
  return { target, features, task: 'codes' in rows ? 'classes' : 'numbers', input: input === 'auto' ? found : input }
}

const networkRows = (rows: LearnerRows): NetworkRows => ({
  frame: rows.frame,
  target: 'codes' in rows ? Float64Array.from(rows.codes) : rows.values,
  ...(rows.weights && { weights: rows.weights }),
})

function tablesOf(
  rows: LearnerRows,
  validation: LearnerRows | undefined,
  params: NetworkParams,
  seed: number,
): NetworkTables {
  const shared = { ...('codes' in rows && { classes: rows.classes }), protected: rows.protected }
  if (validation)
    return { training: networkRows(rows), validation: networkRows(validation), validatedOn: 'split', ...shared }
  const all = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row)
  const held = heldOut(all, params.heldOut, seed)
  if (held.length === 0) return { training: networkRows(rows), validatedOn: 'nothing', ...shared }
  const out = new Set(held)
  return {
    training: networkRows(
      someRows(
        rows,
        all.filter((row) => !out.has(row)),
      ),
    ),
    validation: networkRows(someRows(rows, held)),
    validatedOn: 'held out',
    ...shared,
  }
}

async function scoresOf(
  { encoded, loss, output }: NetworkTask,
  trained: TrainedNetwork,
  { frame }: LearnerRows,
  { kernels }: FitContext,
): Promise<Float64Array> {
  const data = { rows: frame.rows, features: encoded.encode(frame) }
  const model = networkModel(trained, loss.kind)
  const scores = await modelScores(await kernels.sessions(1), model, trained.network.inputs, data)
  return output ? scores.map((value) => output.center + output.scale * value) : scores
}
