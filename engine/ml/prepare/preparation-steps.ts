import type { DateStep } from './date-parts.ts'
import type { HashStep } from './hash-levels.ts'
import type { Neighbours } from './impute-neighbours.ts'
import type { OneHotStep } from './one-hot.ts'
import type { OrdinalStep } from './ordinal.ts'
import type { QuantileCurve } from './quantile-curve.ts'
import type { TargetStep } from './target-encoding.ts'
import type { TermsStep } from './text-terms.ts'
import type { YeoJohnsonCurve } from './yeo-johnson.ts'

/** A fitted preparation as JSON: what turns raw columns into the matrix a learner sees. */
export interface NumberStep {
  readonly kind: 'number'
  readonly name: string
  /** Stands in for missing and infinite values. */
  readonly fill: number
  /** Missing and infinite values become NaN instead: for learners that know where the missing go. */
  readonly kept?: true
  /** Missing values come from the nearest training rows; `fill` where none can be compared. */
  readonly neighbours?: true
  /** Adds a column that is 1 where the value was missing. */
  readonly indicator: boolean
  /** Applied to the filled value, before center and scale. */
  readonly curve?: YeoJohnsonCurve | QuantileCurve
  /** (value - center) / scale. */
  readonly center: number
  readonly scale: number
}
export type BlockStep = DateStep | OneHotStep | OrdinalStep | TargetStep | HashStep | TermsStep
export type PreparationStep = NumberStep | BlockStep

export interface Preparation {
  readonly format: 1
  readonly steps: readonly PreparationStep[]
  /** What imputation by neighbours compares with. */
  readonly neighbours?: Neighbours
}

export const numberSteps = ({ steps }: Preparation) => steps.filter((step) => step.kind === 'number')
export const indicatorSteps = (preparation: Preparation) => numberSteps(preparation).filter((step) => step.indicator)
export const blockSteps = ({ steps }: Preparation) => steps.filter((step) => step.kind !== 'number')
export const targetSteps = ({ steps }: Preparation) => steps.filter((step) => step.kind === 'target')
