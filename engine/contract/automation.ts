import type { Estimate } from './report-block.ts'

/** How much a served version decides by itself, from nothing to everything. */
export const automationLevels = ['human-only', 'human-first', 'suggest', 'uncertain-to-human', 'veto', 'full'] as const
export type AutomationLevel = (typeof automationLevels)[number]

/** What the training rows held: values beyond are strange to the model. */
export type KnownValues =
  | { readonly column: string; readonly min: number; readonly max: number }
  | { readonly column: string; readonly levels: readonly string[] }

/** Kept with a deployed version and obeyed by whoever serves it. */
export interface Automation {
  readonly level: AutomationLevel
  /** Scores from `low` to `high`, both included, go to people: of two classes the positive one's, of several that of the class decided for. */
  readonly band?: { readonly low: number; readonly high: number }
  /** Until an automatic answer takes force. */
  readonly vetoMinutes?: number
  /** Until a case is due; without it none is. */
  readonly dueHours?: number
  /** Rows for which it holds go to people; a rule of `engine/ml/baseline`. */
  readonly rule?: string
  /** Share of the rows that are drawn for people, who then judge without seeing the model's answer. */
  readonly auditShare?: number
  readonly seed?: number
  /** Rows with values that training never saw go to people. */
  readonly known?: readonly KnownValues[]
  /** Answers of the fallback rule go to people. */
  readonly fallback?: true
}

/** Why a case waits for a person. */
export type CaseCause =
  | { readonly cause: 'level' | 'uncertain' | 'rule' | 'audit' | 'fallback' | 'veto' | 'away' }
  | { readonly cause: 'unseen' | 'out-of-range'; readonly column: string }

/** When whoever decides sees the model's answer: never, after an own decision that may then be revised, or before. */
export type CaseSight = 'never' | 'after' | 'before'

/**
 * `taken`: somebody works on it; `first`: decided, the model's answer is shown and the decision may be revised; `pending`: an
 * automatic answer that takes force unless vetoed; `in-force`: it has.
 */
export type CaseState = 'queued' | 'taken' | 'first' | 'pending' | 'decided' | 'in-force'

export interface CaseAnswer {
  readonly decision: string | number
  readonly score: number | null
  /** The fallback rule gave it. */
  readonly fallback: boolean
}
/** Why the model judged so, the strongest first; or why that is not known. */
export type CaseReasons =
  | {
      readonly method: string
      readonly space: string
      readonly class?: string
      readonly base: number
      readonly contributions: readonly { readonly feature: string; readonly contribution: number }[]
    }
  | { readonly notAvailable: string }

export type CaseCell = string | number | boolean | null

/** A row that waits for a person, or did, as that person may see it. */
export interface QueuedCase {
  readonly id: string
  /** Name in the registry. */
  readonly model: string
  readonly version: number
  readonly level: AutomationLevel
  readonly sight: CaseSight
  readonly state: CaseState
  readonly why: readonly CaseCause[]
  /** As it was sent, but for protected columns. */
  readonly row: readonly { readonly name: string; readonly value: CaseCell }[]
  /** Classes to choose from, the positive one first; absent for numbers. */
  readonly choices?: readonly string[]
  readonly target?: string
  readonly queuedAt: string
  readonly dueAt?: string
  readonly takesForceAt?: string
  /** Who works on it, and until when it is kept for them. */
  readonly holder?: string
  readonly heldUntil?: string
  /** Decided before the model's answer was seen. */
  readonly first?: string | number
  readonly decision?: string | number
  /** Absent where the model's own answer took force. */
  readonly by?: string
  readonly decidedAt?: string
  readonly note?: string
  /** From taking it to deciding. */
  readonly ms?: number
  /** Absent while it may not be seen, and where the model was away. */
  readonly answer?: CaseAnswer
  readonly reasons?: CaseReasons
}

export interface QueueCounts {
  readonly queued: number
  readonly taken: number
  readonly pending: number
  readonly decided: number
  readonly inForce: number
  readonly overdue: number
  /** When the case that waits longest came in. */
  readonly oldestAt?: string
}
/** How people and the model agree, over cases that people decided and the model answered. */
export interface QueueFigures {
  /** Share of the cases in which a person's own decision, made first where it was, is the model's. */
  readonly agreement: Estimate
  /** Share of final decisions that are not the model's. */
  readonly overridden: Estimate
  /** Share of first decisions that were revised once the model's answer was seen. */
  readonly revised: Estimate
  readonly medianMs?: number
  readonly groups: readonly {
    readonly column: string
    readonly groups: readonly { readonly group: string; readonly agreement: Estimate; readonly small: boolean }[]
  }[]
}
export interface QueueView {
  /** Who works on this computer, as the system calls them. */
  readonly me: string
  /** Those that wait first, the most urgent at their head; then those decided last. */
  readonly cases: readonly QueuedCase[]
  readonly counts: QueueCounts
  readonly figures: QueueFigures
  /** Models that have cases. */
  readonly models: readonly string[]
}
