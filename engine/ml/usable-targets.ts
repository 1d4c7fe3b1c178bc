import { ProblemError } from '#contract'

/** Refuses what nothing can be learnt from: no rows, a target or weight that is no finite number, weights below or all 0. */
export function requireTargets(method: string, targets: ArrayLike<number>, weights?: ArrayLike<number>): void {
  if (targets.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `${method} has no rows to learn from.`,
      fix: 'Choose a larger part of the table.',
    })
  refuseRow(method, 'target', unusable(targets, Number.NEGATIVE_INFINITY), targets)
  if (!weights) return
  refuseRow(method, 'weight', unusable(weights, 0), weights)
  for (let row = 0; row < weights.length; row++) if (weights[row]! > 0) return
  throw new ProblemError({
    code: 'rows-missing',
    message: `${method} has no rows to learn from: all weigh 0.`,
    fix: 'Choose another column of weights, or none.',
  })
}

function unusable(values: ArrayLike<number>, least: number): number {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (!(value >= least && Math.abs(value) < Number.POSITIVE_INFINITY)) return row
  }
  return -1
}

function refuseRow(method: string, what: 'target' | 'weight', row: number, values: ArrayLike<number>): void {
  if (row < 0) return
  throw new ProblemError({
    code: 'data-bad',
    message: `${method} can not use the ${what} ${values[row]} of row ${row + 1}.`,
    fix:
      what === 'target'
        ? 'Leave out rows whose target is not known.'
        : 'Give every row a weight of 0 or more, or choose no column of weights.',
    rows: [row],
  })
}
