import type { Setting, Settings } from '#ml/search/space'
import { fullLength, openSearch } from '../../nodes/train/tune/open-search.ts'
import { params as tuneParams } from '../../nodes/train/tune/params.ts'
import type { Task } from './tasks.ts'

/** Trials of full length that a search may cost. */
export const cost = 30

/** Whoever says what to try next: our searches, or a peer's in another process. */
export interface Asker {
  /** Undefined when it has nothing left to try. */
  ask(): Promise<Asked | undefined>
  tell(asked: Asked, value: number): Promise<void>
}
export interface Asked {
  readonly number: number
  readonly settings: Readonly<Record<string, Setting>>
  readonly share: number
}

/** Our strategies as train/tune opens them. Halving begins as many as make the same cost. */
export const strategies: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  random: {},
  grid: { points: 3 },
  sobol: {},
  tpe: {},
  gaussian: {},
  evolution: {},
  halving: { trials: 81 },
  hyperband: {},
  asha: {},
}

export function ownAsker(strategy: string, task: Task, seed: number): Asker {
  const params = tuneParams.parse({ strategy, trials: cost, ...strategies[strategy] })
  const goal = { name: 'log_loss', label: '', direction: 'minimise' } as const
  const search = openSearch(params, task.space, goal, seed, undefined)
  return {
    async ask() {
      const trial = search.ask()
      return trial && { ...trial, share: (trial.budget ?? fullLength) / fullLength }
    },
    async tell({ number }, value) {
      search.tell(number, Number.isFinite(value) ? value : null, null)
    },
  }
}

/**
 * The loss at full length of what a search at this cost settles on: the best of its longest trials. One that ends
 * earlier, as Hyperband does, begins anew with another seed.
 */
export async function outcome(open: (seed: number) => Asker, task: Task, seed: number): Promise<number> {
  let spent = 0
  let best: { settings: Settings; share: number; value: number } | undefined
  for (let pass = 0; ; pass++) {
    const asker = open(seed + 1_000 * pass)
    let tried = 0
    for (;;) {
      const asked = await asker.ask()
      if (!asked) break
      if (spent + asked.share > cost + 1e-9) return settle(best, task)
      const value = await task.judge(asked.settings, asked.share)
      await asker.tell(asked, value)
      spent += asked.share
      tried++
      const longer = asked.share - (best?.share ?? 0)
      if (Number.isFinite(value) && (longer > 1e-9 || (longer > -1e-9 && value < best!.value)))
        best = { settings: asked.settings, share: asked.share, value }
    }
    if (tried === 0) return settle(best, task)
  }
}

async function settle(best: { settings: Settings; share: number; value: number } | undefined, task: Task) {
  if (!best) return Number.POSITIVE_INFINITY
  return best.share >= 1 ? best.value : task.judge(best.settings, 1)
}
