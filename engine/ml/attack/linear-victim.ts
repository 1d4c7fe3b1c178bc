import { type LogisticFit, logisticScores } from '../linear/logistic.ts'
import type { Matrix } from '../matrix.ts'
import type { WhiteVictim } from './victim.ts'

/** What a linear classifier is made of: one set of coefficients for two classes, else one a class. */
export type LinearClassifier = Pick<LogisticFit, 'classes' | 'intercepts' | 'coefficients'>

/** A logistic regression as a victim; of two classes the first has the logit 0. */
export function linearVictim(fit: LinearClassifier): WhiteVictim {
  const { classes, intercepts, coefficients } = fit
  const first = classes === 2 ? 1 : 0
  return {
    classes,
    predict: (rows) => logisticScores(fit, rows),
    logits: (rows) => linearLogits(fit, rows, first),
    slopes({ rows, columns }, weights) {
      const slopes = new Float64Array(rows * columns)
      for (let row = 0; row < rows; row++)
        intercepts.forEach((_, set) => {
          const weight = weights[row * classes + first + set]!
          const slope = coefficients[set]!
          if (weight !== 0) for (let j = 0; j < columns; j++) slopes[row * columns + j]! += weight * slope[j]!
        })
      return slopes
    },
  }
}

function linearLogits({ classes, intercepts, coefficients }: LinearClassifier, x: Matrix, first: number): Float64Array {
  const logits = new Float64Array(x.rows * classes)
  for (let row = 0; row < x.rows; row++)
    intercepts.forEach((intercept, set) => {
      let sum = intercept
      const slope = coefficients[set]!
      for (let j = 0; j < x.columns; j++) sum += slope[j]! * x.values[row * x.columns + j]!
      logits[row * classes + first + set] = sum
    })
  return logits
}
