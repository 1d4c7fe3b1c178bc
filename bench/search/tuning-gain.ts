import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Evaluation, JsonValue, PortValue, Table } from '#contract'
import evaluate from '../../nodes/assess/evaluate/node.ts'
import example from '../../nodes/data/example/node.ts'
import split from '../../nodes/data/split/node.ts'
import boosting from '../../nodes/train/boosting/node.ts'
import forest from '../../nodes/train/forest/node.ts'
import tree from '../../nodes/train/tree/node.ts'
import tune from '../../nodes/train/tune/node.ts'
import { interval } from './search-table.ts'

const learners = { boosting, tree, forest } as const

/** How the test rows judge a learner with its defaults, and tuned with the defaults of train/tune. */
export interface Gain {
  readonly plain: number
  readonly byValidation: number
  readonly byFolds: number
}

export async function gainOf(name: keyof typeof learners, rows: number, seed: number, trials?: number): Promise<Gain> {
  const scratch = await openScratch({ threads: 2, seed })
  try {
    const made = (await runNode(scratch, example, {}, { set: 'loans', rows })).outputs.table as Table
    const table = (await runNode(scratch, split, { table: made })).outputs.table as Table
    const area = (node: AnyNode, given: Readonly<Record<string, JsonValue>>) => testArea(scratch, table, node, given)
    const tuned = { learner: name, ...(trials !== undefined && { trials }) }
    return {
      plain: await area(learners[name], { folds: 0 }),
      byValidation: await area(tune, tuned),
      byFolds: await area(tune, { ...tuned, judgeBy: 'folds' }),
    }
  } finally {
    await scratch.close()
  }
}

async function testArea(scratch: Scratch, table: Table, node: AnyNode, given: Readonly<Record<string, JsonValue>>) {
  const { model } = (await runNode(scratch, node, { table }, given)).outputs
  const judged = await runNode(scratch, evaluate, { model: model as PortValue, table, baseline: [] }, { replicates: 0 })
  const { metrics } = judged.outputs.evaluation as Evaluation
  return metrics.find(({ name }) => name === 'roc_auc')!.value!
}

/** One row a learner: ROC AUC on the test rows, and what tuning adds with Student's t interval over the seeds. */
export async function gainTable(rows: number, seeds: number): Promise<string> {
  const lines: string[] = []
  for (const name of Object.keys(learners) as (keyof typeof learners)[]) {
    const gains: Gain[] = []
    for (let seed = 1; seed <= seeds; seed++) gains.push(await gainOf(name, rows, seed))
    const added = (of: (gain: Gain) => number) => {
      const { mean, half } = interval(gains.map((gain) => of(gain) - gain.plain))
      return `${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(3)} ± ${half.toFixed(3)}`
    }
    const plain = interval(gains.map((gain) => gain.plain)).mean.toFixed(3)
    lines.push(`| ${name} | ${plain} | ${added((gain) => gain.byValidation)} | ${added((gain) => gain.byFolds)} |`)
  }
  const head = '| learner | its defaults | tuned by the validation rows | tuned by five folds |'
  return [head, '| --- | --- | --- | --- |', ...lines].join('\n')
}
