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

/** Our strategies as train/tune opens them, those with short trials so that they come to the cost or beyond. */
export const strategies: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  random: {},
  grid: { points: 3 },
  sobol: {},
  tpe: {},
  gaussian: {},
  evolution: {},
  halving: { trials: 90 },
  hyperband: { trials: 80 },
  asha: { trials: 200 },
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

/** The loss at full length of what a search at this cost settles on: the best of its longest trials. */
export async function outcome(asker: Asker, task: Task): Promise<number> {
  let spent = 0
  let best: { settings: Settings; share: number; value: number } | undefined
  for (;;) {
    const asked = await asker.ask()
    if (!asked || spent + asked.share > cost + 1e-9) return settle(best, task)
    const value = await task.judge(asked.settings, asked.share)
    await asker.tell(asked, value)
    spent += asked.share
    const longer = asked.share - (best?.share ?? 0)
    if (Number.isFinite(value) && (longer > 1e-9 || (longer > -1e-9 && value < best!.value)))
      best = { settings: asked.settings, share: asked.share, value }
  }
}

async function settle(best: { settings: Settings; share: number; value: number } | undefined, task: Task) {
  if (!best) return Number.POSITIVE_INFINITY
  return best.share >= 1 ? best.value : task.judge(best.settings, 1)
}
