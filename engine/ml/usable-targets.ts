import { ProblemError } from '#contract'

/** Refuses what nothing can be learnt from: no rows, a target or weight that is no finite number, weights below or all 0. */
export function requireTargets(method: string, targets: ArrayLike<number>, weights?: ArrayLike<number>): void {
  if (targets.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `${method} has no rows to learn from.`,
      fix: 'Choose a larger part of the table.',
    })
  requireNumbers(method, 'target', targets)
  if (!weights) return
  requireNumbers(method, 'weight', weights)
  for (let row = 0; row < weights.length; row++) if (weights[row]! > 0) return
  throw new ProblemError({
    code: 'rows-missing',
    message: `${method} has no rows to learn from: all weigh 0.`,
    fix: 'Choose another column of weights, or none.',
  })
}

const cures = {
  target: 'Leave out rows whose target is not known.',
  prediction: 'Look at what the model makes of this row: a missing cell may need a preparation.',
  weight: 'Give every row a weight of 0 or more, or choose no column of weights.',
}

/** Refuses a value that is no finite number, and a weight below 0. */
export function requireNumbers(method: string, what: keyof typeof cures, values: ArrayLike<number>, width = 1): void {
  const least = what === 'weight' ? 0 : Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (value >= least && Math.abs(value) < Number.POSITIVE_INFINITY) continue
    const row = Math.floor(at / width)
    throw new ProblemError({
      code: 'data-bad',
      message: `${method} can not use the ${what} ${value} of row ${row + 1}.`,
      fix: cures[what],
      rows: [row],
    })
  }
}
