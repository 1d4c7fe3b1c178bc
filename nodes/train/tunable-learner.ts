import type { AnyNode, Column, JsonValue, Metric, Model, Problem } from '#contract'
import type { DeviceChoice } from '#ml/neural/best-device'
import type { deviceSteps } from '#ml/neural/device-steps'
import type { SearchSpace } from '#ml/search/space'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import type { FitContext, Learned, LearnerRows } from './learner.ts'
import type { Kind } from './train-with.ts'

/** A learner as a search over its settings sees it: one object tells all, and the search names no learner. */
export interface TunableLearner<Params = Readonly<Record<string, JsonValue>>> {
  /** Trains the winner and reports on it. */
  readonly node: AnyNode
  /** What is searched unless told. */
  readonly space: SearchSpace
  /** Where the search begins from other values than the form does. */
  readonly settings?: Readonly<Record<string, JsonValue>>
  /** Set for the winner where folds have judged it, which had no validation rows to stop by. */
  readonly afterFolds?: Readonly<Record<string, JsonValue>>
  /** The parameter that a short trial has less of; a learner without one sees fewer rows. */
  readonly length?: string
  /** The settings that all learners share, in this one's words. */
  common(settings: CommonSettings): Readonly<Record<string, JsonValue>>
  /** The columns it learns from, where it does not take all features. */
  features?(columns: readonly Column[], params: Params): readonly Column[] | readonly Problem[]
  fit(job: FitJob<Params>): Promise<FittedTrial | DeviceWish>
}

/** Instead of a fit: what a device other than the CPU should do, in the step's own process. */
export interface DeviceWish {
  readonly wants: DeviceChoice
  /** Multiplications of an epoch. */
  readonly work: number
}

export interface CommonSettings {
  readonly target: string
  readonly kind: Kind
  readonly classWeight: 'none' | 'balanced'
  readonly positive: string
  readonly threshold: number
}

type DeviceSteps = ReturnType<typeof deviceSteps>

export interface FitJob<Params> {
  readonly rows: LearnerRows
  /** Says when to stop, to learners that look. */
  readonly validation: LearnerRows | undefined
  readonly given: Model | undefined
  readonly params: Params
  /** The rounds, trees or epochs after which a short trial ends, of those its params name; all of them unless told. */
  readonly until?: number | undefined
  /** The state in which a shorter trial with the same params on the same rows ended: the result is the same with and without. */
  readonly from?: Uint8Array | undefined
  /** Where to train; unless told, a learner may wish for a device. */
  readonly device?: 'cpu' | DeviceSteps | undefined
  readonly context: FitContext
}

export interface FittedTrial {
  judge(rows: LearnerRows): readonly Metric[] | Promise<readonly Metric[]>
  /** What the model costs to keep or to use; the same on every machine. */
  cost(of: CostKind): number
  /** What a longer trial goes on from, where the learner can. */
  state?(): Uint8Array
}

/** Bytes of the file, or comparisons and multiplications that a prediction takes. */
export type CostKind = 'size' | 'work'

export const fittedTrial = (learned: Learned): FittedTrial => ({
  judge: (rows) => learned.judge(rows),
  cost: (of) => (of === 'size' ? learned.fuse().onnx.byteLength : workOf(learned)),
})

function workOf({ linear, trees }: Learned): number {
  if (trees) return expectedSteps(trees.ensemble)
  return (linear?.coefficients ?? []).reduce((sum, set) => sum + set.length, 0)
}

/** Comparisons that a training row takes on average, over all trees. */
export const expectedSteps = ({ trees }: TreeEnsemble): number =>
  trees.reduce((sum, { feature, cover }) => {
    const passed = feature.reduce((rows, column, node) => (column < 0 ? rows : rows + cover[node]!), 0)
    return sum + passed / cover[0]!
  }, 0)
