import { z } from 'zod'
import type { JsonValue } from './node.ts'
import type { Estimate } from './report-block.ts'

/** How a new version of a model comes to answer. */
export const rolloutStrategies = ['shadow', 'canary', 'blue-green', 'a-b', 'bandit-thompson', 'bandit-ucb'] as const
export type RolloutStrategy = (typeof rolloutStrategies)[number]

const answering = ['canary', 'a-b', 'bandit-thompson', 'bandit-ucb']
const only = (...rollout: readonly string[]) => ({ when: { mode: ['server'], rollout } })
const ratio = (value: number) => z.number().min(1).max(100).default(value)

/**
 * Parameters of rollouts with their defaults, as release/deploy has them in its form and `plumbline rollout start` behind
 * `--set`. A strategy looks at its own only.
 */
export const rolloutParameters = {
  steps: z
    .string()
    .regex(/^\s*\d+(\.\d+)?(\s*,\s*\d+(\.\d+)?)*\s*$/, 'numbers with commas between them')
    .max(200)
    .default('1, 5, 25, 50')
    .meta({
      title: 'Steps',
      description: 'Per cent of people whom the new version answers, step by step; after the last it is promoted.',
      ...only('canary'),
    }),
  leastPeople: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(200)
    .meta({
      title: 'Least people',
      description: 'Whom the new version has to answer at each step.',
      ...only('canary'),
    }),
  leastMinutes: z
    .number()
    .min(0)
    .max(100_000)
    .default(60)
    .meta({ title: 'Least time', unit: 'min', description: 'That each step has to last.', ...only('canary') }),
  failureRatio: ratio(1.5).meta({
    title: 'Failures',
    description: 'Abort where errors or answers of the fallback rule are surely more than so many times as frequent.',
    ...only('canary'),
  }),
  latencyRatio: ratio(1.5).meta({
    title: 'Latency',
    description: 'Abort where the 95th percentile of the time to answer is surely more than so many times as long.',
    ...only('canary'),
  }),
  approvalShift: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({
      title: 'Shift of decisions',
      description:
        'Abort where the share of favourable decisions surely differs by more than this, or the mean of predicted numbers by so many standard deviations.',
      ...only('canary'),
    }),
  groupRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .meta({
      title: 'Ratio between groups',
      description:
        'Abort where a protected group surely has less than this part of the share of another, and less than before; where rows carry the protected columns. 0 for no such guard.',
      ...only('canary'),
    }),
  outcomeRatio: ratio(1.25).meta({
    title: 'Wrong decisions',
    description:
      'Abort where outcomes show decisions to be wrong surely more than so many times as often, or numbers so many times as far off.',
    ...only('canary'),
  }),
  challengerShare: z
    .number()
    .min(0.1)
    .max(99.9)
    .default(50)
    .meta({ title: 'Share', unit: '%', description: 'Of people whom the new version answers.', ...only('a-b') }),
  detect: z
    .number()
    .positive()
    .max(1e12)
    .default(0.05)
    .meta({
      title: 'Difference to find',
      description: 'The smallest difference worth finding, of shares or in the unit of outcomes.',
      ...only('a-b'),
    }),
  expected: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({
      title: 'Share expected',
      description: 'Of favourable decisions or good outcomes, to say how many people are needed.',
      advanced: true,
      ...only('a-b'),
    }),
  power: z
    .number()
    .min(0.5)
    .max(0.999)
    .default(0.8)
    .meta({
      title: 'Power',
      description: 'Chance to find the difference where it is there.',
      advanced: true,
      ...only('a-b'),
    }),
  alpha: z
    .number()
    .min(1e-6)
    .max(0.5)
    .default(0.05)
    .meta({
      title: 'False alarms',
      description:
        'Largest chance to abort, or to see a difference, where the versions are alike, however often one looks.',
      advanced: true,
      ...only('canary', 'a-b'),
    }),
  outcome: z
    .enum(['class', 'number'])
    .default('class')
    .meta({
      title: 'Outcomes',
      description: 'A class, one of which is a success, or a number of which more is better.',
      ...only('a-b', 'bandit-thompson', 'bandit-ucb'),
    }),
  success: z
    .string()
    .max(200)
    .default('')
    .meta({
      title: 'Success',
      description: 'The outcome that is a success; empty takes the positive class.',
      when: { mode: ['server'], rollout: ['a-b', 'bandit-thompson', 'bandit-ucb'], outcome: ['class'] },
    }),
  lowest: z
    .number()
    .default(0)
    .meta({
      title: 'Lowest outcome',
      description: 'Lower outcomes count as this.',
      when: { mode: ['server'], rollout: ['bandit-ucb'], outcome: ['number'] },
    }),
  highest: z
    .number()
    .default(1)
    .meta({
      title: 'Highest outcome',
      description: 'Higher outcomes count as this.',
      when: { mode: ['server'], rollout: ['bandit-ucb'], outcome: ['number'] },
    }),
  index: z
    .enum(['ucb1', 'ucb1-tuned'])
    .default('ucb1')
    .meta({
      title: 'Index',
      description: 'UCB1, or UCB1-tuned, which also looks at how outcomes vary.',
      ...only('bandit-ucb'),
    }),
  switch: z
    .enum(['after-check', 'by-hand'])
    .default('after-check')
    .meta({
      title: 'Switch',
      description: 'As soon as both versions have kept the contract on rows of the training table, or by hand.',
      ...only('blue-green'),
    }),
  queue: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .meta({
      title: 'Rows that wait',
      description: 'Beyond so many, rows are not scored in the shadow, and counted as left out.',
      advanced: true,
      ...only('shadow'),
    }),
  key: z
    .string()
    .max(200)
    .default('')
    .meta({
      title: 'Key column',
      description:
        'Rows with the same value are one person, whom one version answers. Empty takes all values that the model looks at.',
      ...only('shadow', ...answering),
    }),
  favourable: z
    .string()
    .max(200)
    .default('')
    .meta({
      title: 'Favourable decision',
      description: 'The class whose share is compared; empty takes the positive class.',
      advanced: true,
      ...only('shadow', ...answering),
    }),
} as const

const settingsSchema = z.object({
  ...rolloutParameters,
  seed: z.int().min(0).default(1),
  /** What the versions decide between; empty for numbers. */
  classes: z.array(z.string()).default([]),
})
export type RolloutSettings = z.output<typeof settingsSchema>
/** Fills in defaults; throws zod's error where a value is not allowed. */
export const parseRolloutSettings = (given: unknown): RolloutSettings => settingsSchema.parse(given)

/** What a step asks for beside serving. */
export interface RolloutOrder {
  readonly strategy: RolloutStrategy
  readonly settings: RolloutSettings
}

/** Strategies that compare the version in production with several new ones. */
export const rollsOutSeveral: ReadonlySet<RolloutStrategy> = new Set(['a-b', 'bandit-thompson', 'bandit-ucb'])

/** What begins a rollout: settings that are left out have their defaults. */
export interface RolloutStart {
  readonly name: string
  /** New versions, the one in production not among them. */
  readonly versions: readonly number[]
  readonly strategy: RolloutStrategy
  readonly settings?: Readonly<Record<string, JsonValue>>
}

export type RolloutState = 'running' | 'paused' | 'promoted' | 'aborted'
export const rolloutActions = ['pause', 'resume', 'abort', 'promote'] as const
export type RolloutAction = (typeof rolloutActions)[number]

/** A version that takes part, and how it fares. Shares are of people (distinct keys), with limits that hold at every look. */
export interface RolloutArm {
  readonly version: number
  readonly role: 'champion' | 'challenger'
  /** Part of people whom it answers now, 0 to 1. */
  readonly share: number
  /** Rows, also of people who asked before. */
  readonly answers: number
  readonly people: number
  readonly favourable: Estimate
  /** The same by value of each protected column that rows carried. */
  readonly groups: readonly { readonly column: string; readonly group: string; readonly favourable: Estimate }[]
  readonly errors: Estimate
  readonly fallbacks: Estimate
  /** Milliseconds; null before the first answer. */
  readonly median: number | null
  readonly p95: number | null
  readonly outcomes: number
  /** Good outcomes, or their mean. */
  readonly reward: Estimate
  /** Decisions that outcomes showed to be wrong. */
  readonly wrong: Estimate
  /** Of a bandit: chance that it is the best. */
  readonly best?: number
}
/** What would abort a canary, and how it stands. */
export interface RolloutGuard {
  readonly name: string
  readonly state: 'holds' | 'unsure' | 'broken' | 'unknown'
  /** Its figures in a sentence. */
  readonly text: string
}
export interface RolloutFigure {
  readonly label: string
  readonly estimate: Estimate
}
/** The way of a version into production, as the registry records it. */
export interface Rollout {
  readonly id: number
  readonly name: string
  readonly strategy: RolloutStrategy
  readonly champion: number
  readonly challengers: readonly number[]
  readonly settings: RolloutSettings
  readonly state: RolloutState
  /** Why it ended. */
  readonly reason?: string
  readonly startedAt: string
  readonly endedAt?: string
  /** How it stands, in a sentence. */
  readonly verdict: string
  readonly arms: readonly RolloutArm[]
  readonly guards: readonly RolloutGuard[]
  /** Figures of the strategy's own: agreement, differences, people needed. */
  readonly figures: readonly RolloutFigure[]
  /** Of a canary: its steps with the share, 0 to 1. */
  readonly steps: readonly { readonly share: number; readonly state: 'passed' | 'now' | 'ahead' }[]
  /** What happened, oldest first, from the audit chain. */
  readonly history: readonly { readonly at: string; readonly text: string }[]
}
