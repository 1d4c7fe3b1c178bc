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
  /** Of texts and pictures: how many words or cells are not listed, and what they contribute together. */
  readonly others?: { readonly count: number; readonly contribution: number }
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

/** Words or cells that are listed one by one. */
export const mostPieces = 50

/** Contributions by feature, the strongest first; where `most` is given, the others together. */
export function rankedContributions(
  features: readonly string[],
  values: ArrayLike<number>,
  most = Number.POSITIVE_INFINITY,
): Pick<Reasons, 'contributions' | 'others'> {
  const all = features
    .map((feature, place) => ({ feature, contribution: values[place]! }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  if (all.length <= most) return { contributions: all }
  const rest = all.slice(most)
  const contribution = rest.reduce((sum, one) => sum + one.contribution, 0)
  return { contributions: all.slice(0, most), others: { count: rest.length, contribution } }
}
