import type { CustomLoss } from './custom-loss.ts'
import { losses } from './losses.ts'

const squared = losses.squared()
const logistic = losses.logistic()

/** Losses of one output by their derivatives: (m - y)² / 2 up to scale, and -ln of the probability of a class 0 or 1. */
export const additiveLosses = {
  squared: {
    base: squared.base,
    mean: squared.mean,
    derive([margins], labels, [gradients], [hessians]) {
      for (let row = 0; row < labels.length; row++) gradients![row] = margins![row]! - labels[row]!
      hessians!.fill(1)
    },
  },
  logistic: {
    base: logistic.base,
    mean: logistic.mean,
    derive([margins], labels, [gradients], [hessians]) {
      for (let row = 0; row < labels.length; row++) {
        const p = 1 / (1 + Math.exp(-margins![row]!))
        gradients![row] = p - labels[row]!
        hessians![row] = Math.max(1e-16, p * (1 - p))
      }
    },
  },
} as const satisfies Record<string, CustomLoss>
