import type { Explanation, Frame, Model } from '#contract'
import type { Contributions } from '#ml/explain/linear-shap'
import type { Matrix } from '#ml/matrix'
import type { TreeLink } from '#ml/trees/ensemble-json'

/** What a way of explaining says of rows. */
export interface WayResult {
  /** Of each margin asked for, in their order. */
  readonly outputs: readonly Contributions[]
  /** What the contributions must add up to, row-major [rows, margins]. */
  readonly margins: Float64Array
  /** What the players are worth as numbers, for directions; absent where players are raw columns. */
  readonly matrix?: Matrix
  /** Of texts, by margin and row: what each word in its place pushes. */
  readonly pieces?: readonly (readonly Float64Array[])[]
}

/** A model ready to be explained by one method, background and all. */
export interface Way {
  /** From margins to what the file says. */
  readonly link: TreeLink
  readonly margins: number
  /** Prepared rows, for those who compare people. */
  readonly prepare?: (frame: Frame) => Matrix
  /** Rows that are compared with; none where training rows are only in the model. */
  readonly background: number
  /** Those rows prepared, where trees are explained against them. */
  readonly others?: Matrix
  /** What was drawn for each row: "512 coalitions". */
  readonly drawn?: string
  explain(frame: Frame, margins: readonly number[], onProgress: (fraction: number) => void): Promise<WayResult>
}

/** Settings of the methods that compare with rows or draw coalitions. */
export interface WayPlan {
  readonly background: number
  readonly samples: number
  readonly rounds: number
  readonly points: number
}

export const wayDefaults: WayPlan = { background: 50, samples: 512, rounds: 5, points: 16 }

/** The scale that base and contributions add up on. */
export function spaceOf(link: TreeLink, { purpose }: Pick<Model, 'purpose'>): Explanation['space'] {
  if (link === 'logistic') return 'log-odds'
  if (link === 'softmax') return 'margin'
  if (link === 'exponential') return 'log-target'
  return purpose === 'regression' ? 'target' : 'probability'
}
