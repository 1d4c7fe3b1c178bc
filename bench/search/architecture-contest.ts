import { onnxSessions } from '#compute/neural/onnx-session'
import { runNode } from '#compute/run-node'
import { openScratch } from '#compute/scratch'
import type { Table } from '#contract'
import {
  ArchitectureSearch,
  batchSize,
  type CandidateRecord,
  type Estimation,
  type Strategy,
} from '#ml/architecture/architecture-search'
import type { ArchitectureSpace } from '#ml/architecture/architecture-space'
import { type CandidateSetting, trainCandidate } from '#ml/architecture/train-candidate'
import example from '../../nodes/data/example/node.ts'
import split from '../../nodes/data/split/node.ts'
import { params as searchParams } from '../../nodes/train/architecture-search/params.ts'
import { candidateSetting, spaceOf } from '../../nodes/train/architecture-search/run.ts'
import { readNetworkTask } from '../../nodes/train/neural-network/read-task.ts'
import type { Losses } from './search-table.ts'

/** Full trainings that a search may cost. */
export const fullTrainings = 20
const finalists = 3
const fidelity = 0.5

interface Plan {
  readonly strategy: Strategy
  readonly estimation: Estimation
}

/** Strategies with full trainings, then ways of estimating with random search. */
export const architecturePlans: Readonly<Record<string, Plan>> = {
  random: { strategy: 'random', estimation: 'full' },
  grid: { strategy: 'grid', estimation: 'full' },
  bayesian: { strategy: 'bayesian', estimation: 'full' },
  evolution: { strategy: 'evolution', estimation: 'full' },
  reinforcement: { strategy: 'reinforcement', estimation: 'full' },
  'random, low fidelity': { strategy: 'random', estimation: 'low-fidelity' },
  'random, curves cut': { strategy: 'random', estimation: 'curve' },
  'random, then morphisms': { strategy: 'random', estimation: 'morphism' },
}

export interface ArchitectureTask {
  readonly space: ArchitectureSpace
  setting(estimation: Estimation): CandidateSetting
  readonly epochs: number
  readonly seed: number
}

/** Prices of flats, chains of up to three dense layers: a space without designs that people know. */
export async function openArchitectureTask(rows: number, epochs: number, seed: number): Promise<ArchitectureTask> {
  const scratch = await openScratch({ threads: 1, seed })
  try {
    const made = (await runNode(scratch, example, {}, { set: 'prices', rows })).outputs.table as Table
    const table = (await runNode(scratch, split, { table: made })).outputs.table as Table
    const params = searchParams.parse({ epochs })
    const inputs = { table, preparation: undefined }
    const task = await readNetworkTask({ inputs, params: { ...params, loss: 'squared' }, context: scratch.context })
    const setting = (estimation: Estimation) => candidateSetting(task, { ...params, estimation }, { seed })
    return { space: spaceOf(task, params), setting, epochs, seed }
  } finally {
    await scratch.close()
  }
}

/** In full trainings: epochs by the share of the rows. */
const costOf = ({ epochs, status }: CandidateRecord, all: number): number =>
  (epochs / all) * (status === 'short' ? fidelity : 1)

/** Variance on the validation rows that the network a search ends with does not explain, and what the search cost. */
export async function architectureOutcome(
  { strategy, estimation }: Plan,
  task: ArchitectureTask,
  most = fullTrainings,
): Promise<{ readonly loss: number; readonly spent: number }> {
  const { epochs, seed } = task
  const open = onnxSessions()
  const setting = task.setting(estimation)
  const trials = {
    full: most,
    'low-fidelity': Math.floor((most - finalists) / fidelity ** 2),
    // A quarter is drawn and trained in full, the rest grown and trained for a share of the epochs.
    morphism: Math.floor(most / (0.25 + 0.75 * fidelity)),
    curve: 50 * most,
  }[estimation]
  const objective = { mostBytes: 200_000 }
  const options = { strategy, estimation, objective, trials, epochs, fidelity, finalists, seed }
  const search = new ArchitectureSearch(task.space, options)
  const spent = () => search.records.reduce((sum, record) => sum + costOf(record, epochs), 0)
  // Where the end is not known before, whoever might spend more than the rest stops.
  while (spent() + (estimation === 'curve' ? batchSize : 0) <= most) {
    const batch = await search.nextBatch()
    if (batch.length === 0) break
    const results = []
    for (const { job } of batch) results.push(await trainCandidate(open, setting, job))
    search.tell(results)
  }
  return { loss: 1 - (search.best()?.quality ?? 0), spent: spent() }
}

export async function architectureLosses(seeds: number): Promise<Losses> {
  const losses: Record<string, number[]> = {}
  for (let seed = 1; seed <= seeds; seed++) {
    const task = await openArchitectureTask(900, 10, seed)
    for (const [name, plan] of Object.entries(architecturePlans)) {
      losses[name] ??= []
      losses[name].push((await architectureOutcome(plan, task)).loss)
    }
  }
  return losses
}
