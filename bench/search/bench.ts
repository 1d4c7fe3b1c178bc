import { openScratch, type Scratch } from '#compute/scratch'
import { gridSettings } from '#ml/search/grid-search'
import { pythonOf } from '../ml/python-peers.ts'
import { architectureLosses, fullTrainings } from './architecture-contest.ts'
import { cost, outcome, ownAsker, strategies } from './contest.ts'
import { optunaAskers } from './optuna-asker.ts'
import { searchTable } from './search-table.ts'
import { openTask, type Plan, plans, type Task } from './tasks.ts'
import { gainTable } from './tuning-gain.ts'

const seeds = 10

/**
 * `npm run bench -- search`: each strategy of train/tune and of train/architecture-search against random search at equal cost,
 * over ten seeds. A further word narrows it to the contests with it in their title.
 */
export async function benchSearches(word = ''): Promise<void> {
  const scratch = await openScratch({ threads: 1 })
  const asked = ([title]: readonly [string, unknown]) => title.includes(word)
  const contests: readonly (readonly [string, () => Promise<string>])[] = [
    ...plans.map((plan) => [plan.title, () => strategiesTable(plan, scratch)] as const),
    [
      `train/architecture-search, prices: cost of ${fullTrainings} full trainings, share of variance not explained`,
      async () => searchTable(await architectureLosses(seeds)),
    ],
    ['ROC AUC on the test rows of 2,000 loans, train/tune with its defaults', () => gainTable(2_000, seeds)],
  ]
  try {
    for (const [title, contest] of contests.filter(asked)) console.log(`\n${title}\n\n${await contest()}`)
  } finally {
    await scratch.close()
  }
}

async function strategiesTable(plan: Plan, scratch: Scratch): Promise<string> {
  const python = pythonOf('search')
  const optuna = python === undefined ? undefined : optunaAskers(python)
  if (!optuna) console.log('Optuna is not installed here ("npm run parity -- ml_search" installs it).')
  try {
    const task = await openTask(plan, scratch)
    console.log(`\n${Object.keys(task.space).length} parameters, cost of ${cost} full trials:`)
    const losses: Record<string, readonly number[]> = {}
    for (const strategy of Object.keys(strategies))
      if (strategy !== 'grid' || gridFits(task))
        losses[strategy] = await overSeeds((seed) => outcome(ownAsker(strategy, task, seed), task))
    if (optuna) losses['Optuna, TPE'] = await overSeeds((seed) => outcome(optuna.open(task, seed), task))
    return searchTable(losses)
  } finally {
    optuna?.close()
  }
}

/** A grid has no seed and no end but its own. */
const gridFits = ({ space }: Task) => gridSettings(space, strategies['grid']!['points']!).length <= cost

async function overSeeds(run: (seed: number) => Promise<number>): Promise<readonly number[]> {
  const found: number[] = []
  for (let seed = 1; seed <= seeds; seed++) found.push(await run(seed))
  return found
}
