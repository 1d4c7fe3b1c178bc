import { likeliest } from './victim.ts'

/** What a model says of rows whose class is known. */
export interface ObservedRows {
  readonly classes: number
  /** Row-major rows x classes. */
  readonly probabilities: Float64Array
  readonly classOf: ArrayLike<number>
}

/** Probability that each row's own class is given. */
export const ownChances = ({ classes, probabilities, classOf }: ObservedRows): Float64Array =>
  Float64Array.from(
    { length: probabilities.length / classes },
    (_, row) => probabilities[row * classes + classOf[row]!]!,
  )

/**
 * Membership by loss (Yeom, Giacomelli, Fredrikson & Jha 2018, CSF, arXiv 1709.01604): the lower the cross-entropy of a row's
 * own class, the likelier it was trained on. The score is minus that loss; a probability of 0 gives -Infinity.
 */
export const lossScores = (seen: ObservedRows): Float64Array => ownChances(seen).map(Math.log)

/** Membership by the rule "what the model gets right it was trained on": 1 where it is right. */
export const ruleScores = ({ classes, probabilities, classOf }: ObservedRows): Float64Array =>
  Float64Array.from(likeliest(probabilities, classes), (seen, row) => (seen === classOf[row] ? 1 : 0))

/** How often that rule is right where members and others are equally many: (1 + accuracy on members - on others) / 2. */
export function ruleAccuracy(members: ObservedRows, others: ObservedRows): number {
  const share = (seen: ObservedRows) => {
    const right = ruleScores(seen)
    return right.reduce((sum, one) => sum + one, 0) / right.length
  }
  return (1 + share(members) - share(others)) / 2
}
