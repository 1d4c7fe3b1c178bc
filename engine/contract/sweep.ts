import type { PipelineDocument } from './document.ts'
import type { JsonValue } from './node.ts'
import type { Estimate } from './report-block.ts'
import type { Metric } from './values.ts'

/** A range of numbers to search, both ends included. */
export interface SweptRange {
  readonly low: number
  readonly high: number
  /** Even over orders of magnitude; begins above 0. */
  readonly log?: boolean
  readonly integer?: boolean
  /** Values a grid takes of it, ends included; 5 unless told. */
  readonly points?: number
}
/** A parameter to search: its values, or a range of numbers. */
export interface SweptParameter {
  /** `node.parameter`, or one of the document's inputs. */
  readonly setting: string
  readonly values?: readonly JsonValue[]
  readonly range?: SweptRange
}
export type SweepStrategy = 'grid' | 'random' | 'halving'

/** What a sweep tries, and by which figure it is judged. */
export interface SweepPlan {
  readonly parameters: readonly SweptParameter[]
  readonly strategy: SweepStrategy
  /** Random: how many, 20 unless told. Grid: at most, all unless told. Halving: how many begin, as many as leave one at the end unless told. */
  readonly trials?: number
  /** A figure that a node of the document gives. */
  readonly metric: { readonly node: string; readonly name: string }
  /** What is better; what the figure says of itself unless told. */
  readonly better?: 'high' | 'low'
  /** Of random draws; 1 unless told. */
  readonly seed?: number
  /** For halving: the parameter that says how much a trial may spend (rows, rounds, epochs), in whole numbers. */
  readonly budget?: {
    readonly setting: string
    readonly least: number
    readonly most: number
    /** One trial in so many goes on with so many times the budget; 3 unless told. */
    readonly factor?: number
  }
}

export type SweepStatus = 'running' | 'done' | 'cancelled' | 'interrupted'

export interface SweepSummary {
  readonly id: string
  readonly pipeline: string
  readonly file?: string
  readonly status: SweepStatus
  readonly startedAt: string
  readonly plan: SweepPlan
  /** Trials that have ended, and how many there will be if it is not cancelled. */
  readonly ended: number
  readonly planned: number
  /** The trial with the best value, of those with the largest budget where budgets differ. */
  readonly best?: SweepTrial
}
export interface SweepTrial {
  readonly number: number
  /** Values by setting, the budget among them. */
  readonly settings: Readonly<Record<string, JsonValue>>
  readonly budget?: number
  /** The trial with the same settings and a smaller budget that this one goes on from. */
  readonly from?: number
  /** Its run in the lineage; absent when it could not be started. */
  readonly run?: string
  readonly status: 'running' | 'done' | 'failed' | 'cancelled'
  readonly ms?: number
  readonly estimate?: Estimate
  /** Why it has no value. */
  readonly problem?: string
}
export interface SweepDetail extends SweepSummary {
  /** What the trials set their parameters in. */
  readonly document: PipelineDocument
  readonly trials: readonly SweepTrial[]
  readonly label: string
  readonly better: Metric['better']
}
