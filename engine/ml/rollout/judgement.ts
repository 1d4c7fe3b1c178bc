import type { RolloutFigure, RolloutGuard, RolloutSettings } from '#contract'
import type { ArmTally } from './arm-tally.ts'

/** What a strategy looks at. Lists hold the champion first, then the challengers. */
export interface Evidence {
  readonly settings: RolloutSettings
  readonly versions: readonly number[]
  /** Of a canary: the step, from 0, and how long it has run. */
  readonly step: number
  readonly minutes: number
  /** Counted at this step, and at all together. */
  readonly now: readonly ArmTally[]
  readonly all: readonly ArmTally[]
}
/** What a strategy makes of it. */
export interface Judgement {
  /** Part of people whom each answers. */
  readonly shares: readonly number[]
  readonly action: 'stay' | 'next' | 'promote' | 'abort'
  /** How it stands, in a sentence; where the action ends it, the reason. */
  readonly verdict: string
  readonly guards: readonly RolloutGuard[]
  readonly figures: readonly RolloutFigure[]
  /** Of a bandit: chance of each to be the best. */
  readonly best?: readonly number[]
}

/** 12.3 %, with the blanks of the design's figures. */
export const percent = (share: number, digits = 1): string =>
  `${(share * 100).toFixed(digits).replace(/\.0+$/, '')}\u00a0%`
export const people = (count: number): string =>
  count === 1 ? '1 person' : `${String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f')} people`
