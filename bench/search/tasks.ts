import { runNode } from '#compute/run-node'
import type { Scratch } from '#compute/scratch'
import type { JsonValue, Table } from '#contract'
import type { SearchSpace, Settings } from '#ml/search/space'
import example from '../../nodes/data/example/node.ts'
import split from '../../nodes/data/split/node.ts'
import { params as tuneParams } from '../../nodes/train/tune/params.ts'
import { planTuning } from '../../nodes/train/tune/plan.ts'
import { readTrialRows } from '../../nodes/train/tune/read-trial-rows.ts'
import { shortened } from '../../nodes/train/tune/run-trials.ts'
import { openMember } from '../../nodes/train/tune/trial-member.ts'

/** A learner on generated rows, as train/tune would tune it. */
export interface Task {
  readonly title: string
  readonly space: SearchSpace
  /** The metric on the validation rows, lower is better; a share below 1 is a shorter trial. Infinite where it failed. */
  judge(settings: Settings, share: number): Promise<number>
}

export interface Plan {
  readonly title: string
  readonly set: string
  readonly rows: number
  readonly given: Readonly<Record<string, JsonValue>>
}

/** Each with the learner's usual ranges. */
export const plans: readonly Plan[] = [
  {
    title: 'gradient boosting, loans, log loss',
    set: 'loans',
    rows: 1_500,
    given: { learner: 'boosting', metric: 'log_loss' },
  },
  {
    title: 'decision tree, churn, log loss',
    set: 'churn',
    rows: 3_000,
    given: { learner: 'tree', metric: 'log_loss' },
  },
  {
    title: 'neural network, prices, RMSE',
    set: 'prices',
    rows: 600,
    given: { learner: 'neural-network', metric: 'rmse', settings: '{ "epochs": 9, "patience": 0 }' },
  },
]

export async function openTask({ title, set, rows, given }: Plan, scratch: Scratch): Promise<Task> {
  const made = (await runNode(scratch, example, {}, { set, rows })).outputs.table as Table
  const table = (await runNode(scratch, split, { table: made })).outputs.table as Table
  const params = tuneParams.parse({ judgeBy: 'validation', ...given })
  const plan = planTuning(params)
  const { context } = scratch
  const { setup } = await readTrialRows({ inputs: { table, preparation: undefined }, params, context }, plan)
  const work = await openMember(setup, { kernels: context.kernels, cancelled: () => false })
  return {
    title,
    space: plan.space,
    async judge(settings, share) {
      const { params: shorter, rows: rowShare } = shortened(plan, settings, share)
      try {
        return (await work({ params: shorter, fold: 0, share: rowShare })).score
      } catch {
        return Number.POSITIVE_INFINITY
      }
    },
  }
}
