import type { Loss } from './losses.ts'

/** A loss given by its derivatives, for boosting. Weights are applied to them by the booster. */
export interface CustomLoss {
  /** The constant margins to begin with, one an output. */
  base(labels: Float64Array, weights?: Float64Array): readonly number[]
  /** Mean loss; margins are row-major [rows, outputs]. */
  mean(margins: Float64Array, labels: Float64Array, weights?: Float64Array): number
  /** Fills first and second derivatives by the margin, one vector an output each; second ones at least 0. */
  derive(
    margins: readonly Float64Array[],
    labels: Float64Array,
    gradients: readonly Float64Array[],
    hessians: readonly Float64Array[],
  ): void
}

/** All outputs of a round are derived at the margins before it. */
export function customLoss({ base, mean, derive }: CustomLoss): Loss {
  let gradients: readonly Float64Array[] = []
  let hessians: readonly Float64Array[] = []
  return {
    kernel: 'external',
    base,
    mean,
    beforeRound(scores, train) {
      if (gradients.length === 0) {
        gradients = scores.map((margins) => new Float64Array(margins.length))
        hessians = scores.map((margins) => new Float64Array(margins.length))
      }
      derive(scores, train.labels, gradients, hessians)
    },
    gradients(memory, train, output) {
      for (let row = 0; row < train.labels.length; row++) {
        const weight = train.weights ? train.weights[row]! : 1
        memory.labels[row] = weight * gradients[output]![row]!
        memory.hessians[row] = weight * hessians[output]![row]!
      }
    },
  }
}
