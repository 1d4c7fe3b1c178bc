import type { Frame } from '#contract'
import { splitRows } from '#ml/frame'
import type { Feed } from './row-check.ts'

/** Why a row was judged so. */
export interface Reasons {
  readonly method: string
  /** The scale that base and contributions add up on: `margin` is what softmax takes, one a class; `log-target` the logarithm of the prediction. */
  readonly space: 'log-odds' | 'probability' | 'margin' | 'target' | 'log-target'
  /** The class whose score is explained: the positive one of two, of several the one decided for. */
  readonly class?: string
  readonly base: number
  /** Strongest first. */
  readonly contributions: readonly { readonly feature: string; readonly contribution: number }[]
}
/** Reasons of a row, or why it has none. */
export type Explained = { readonly reasons: Reasons } | { readonly reasonsNotAvailable: string }

/** Rows with what was said of them: the score, and among the model's outputs the place it stands at. */
export interface ExplainedFeed {
  readonly feed: Feed
  readonly scores: Float64Array
  readonly places: Int32Array
}
/** One entry a row. */
export type ExplainFeed = (asked: ExplainedFeed) => Promise<readonly Explained[]>

/** Contributions by feature, the strongest first. */
export function rankedContributions(features: readonly string[], values: ArrayLike<number>): Reasons['contributions'] {
  return features
    .map((feature, place) => ({ feature, contribution: values[place]! }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
}

/** The rows a model has learned from; all where the split says of none that it is for training. */
export function trainingRows(frame: Frame): Uint32Array {
  const train = splitRows(frame, 'train')
  return train.length > 0 ? train : Uint32Array.from({ length: frame.rows }, (_, row) => row)
}
