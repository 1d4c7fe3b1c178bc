import type { BoostingOptions, BoostingRows } from './boost.ts'
import type { GrowerMemory, objectives } from './grower-memory.ts'

/** A loss on the margin scale. `kernel` names the objective the kernels compute themselves. */
export interface Loss {
  readonly kernel: keyof typeof objectives
  /** The best constant margin, one an output. */
  base(labels: Float64Array, weights?: Float64Array): readonly number[]
  mean(margins: Float64Array, labels: Float64Array, weights?: Float64Array): number
  /** Keeps what all outputs of a round share, before the first of its trees. */
  beforeRound?(scores: readonly Float64Array[], train: BoostingRows): void
  /** Writes gradients in place of the labels and hessians beside them; only for external objectives. */
  gradients?(memory: GrowerMemory, train: BoostingRows, output: number): void
  /** Optimum of the loss over a leaf's residuals, where second-order steps are no good. */
  renew?(residuals: Float64Array, weights?: Float64Array): number
}

function weightedMean(values: (row: number) => number, rows: number, weights?: Float64Array): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1
    sum += weight * values(row)
    total += weight
  }
  return total > 0 ? sum / total : 0
}

/** Smallest value whose cumulative weight reaches the level. */
export function weightedQuantile(values: Float64Array, level: number, weights?: Float64Array): number {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : values.length
  let sum = 0
  for (const i of order) {
    sum += weights ? weights[i]! : 1
    if (sum >= level * total) return values[i]!
  }
  return values[order.at(-1) ?? 0] ?? 0
}

const clampedShare = (share: number) => Math.min(1 - 1e-12, Math.max(1e-12, share))

function logistic(): Loss {
  return {
    kernel: 'logistic',
    base: (labels, weights) => {
      const share = clampedShare(weightedMean((row) => labels[row]!, labels.length, weights))
      return [Math.log(share / (1 - share))]
    },
    mean: (margins, labels, weights) =>
      weightedMean(
        (row) => {
          const margin = labels[row] === 1 ? -margins[row]! : margins[row]!
          return margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin))
        },
        labels.length,
        weights,
      ),
  }
}

function squared(): Loss {
  return {
    kernel: 'squared',
    base: (labels, weights) => [weightedMean((row) => labels[row]!, labels.length, weights)],
    mean: (margins, labels, weights) =>
      weightedMean((row) => (margins[row]! - labels[row]!) ** 2, labels.length, weights),
  }
}

function poisson(): Loss {
  return {
    kernel: 'poisson',
    base: (labels, weights) => [
      Math.log(
        Math.max(
          1e-12,
          weightedMean((row) => labels[row]!, labels.length, weights),
        ),
      ),
    ],
    mean: (margins, labels, weights) =>
      weightedMean((row) => Math.exp(margins[row]!) - labels[row]! * margins[row]!, labels.length, weights),
  }
}

/** Pinball loss at a level; absolute error is the level one half. Leaves take the quantile of their residuals. */
function pinball(level: number): Loss {
  return {
    kernel: 'external',
    base: (labels, weights) => [weightedQuantile(labels, level, weights)],
    mean: (margins, labels, weights) =>
      weightedMean(
        (row) => {
          const rest = labels[row]! - margins[row]!
          return rest >= 0 ? level * rest : (level - 1) * rest
        },
        labels.length,
        weights,
      ),
    gradients(memory, train) {
      const margins = memory.scores[0]!
      for (let row = 0; row < margins.length; row++) {
        const weight = train.weights ? train.weights[row]! : 1
        memory.labels[row] = weight * (train.labels[row]! >= margins[row]! ? -level : 1 - level)
        memory.hessians[row] = weight
      }
    },
    renew: (residuals, weights) => weightedQuantile(residuals, level, weights),
  }
}

/** Multinomial deviance, one tree a class and round; hessian p(1 - p) K / (K - 1) as LightGBM has it. */
function softmax(classes: number): Loss {
  let probabilities = new Float64Array(0)
  const factor = classes / (classes - 1)
  return {
    kernel: 'external',
    base: (labels, weights) =>
      Array.from({ length: classes }, (_, k) =>
        Math.log(clampedShare(weightedMean((row) => (labels[row] === k ? 1 : 0), labels.length, weights))),
      ),
    mean: (margins, labels, weights) =>
      weightedMean(
        (row) => {
          const own = margins.subarray(row * classes, (row + 1) * classes)
          const top = Math.max(...own)
          return top + Math.log(own.reduce((sum, margin) => sum + Math.exp(margin - top), 0)) - own[labels[row]!]!
        },
        labels.length,
        weights,
      ),
    beforeRound(scores) {
      const rows = scores[0]!.length
      if (probabilities.length !== rows * classes) probabilities = new Float64Array(rows * classes)
      for (let row = 0; row < rows; row++) {
        let top = Number.NEGATIVE_INFINITY
        for (const margins of scores) top = Math.max(top, margins[row]!)
        let sum = 0
        for (let k = 0; k < classes; k++) sum += probabilities[row * classes + k] = Math.exp(scores[k]![row]! - top)
        for (let k = 0; k < classes; k++) probabilities[row * classes + k]! /= sum
      }
    },
    gradients(memory, train, output) {
      for (let row = 0; row < train.labels.length; row++) {
        const p = probabilities[row * classes + output]!
        const weight = train.weights ? train.weights[row]! : 1
        memory.labels[row] = weight * (p - (train.labels[row] === output ? 1 : 0))
        memory.hessians[row] = weight * Math.max(1e-16, factor * p * (1 - p))
      }
    },
  }
}

export const losses = {
  squared,
  logistic,
  poisson,
  absolute: () => pinball(0.5),
  quantile: (options: BoostingOptions) => pinball(options.quantile ?? 0.5),
  softmax: (options: BoostingOptions) => softmax(options.classes ?? 2),
} as const satisfies Record<string, (options: BoostingOptions) => Loss>
