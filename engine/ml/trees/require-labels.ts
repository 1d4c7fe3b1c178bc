import { ProblemError } from '#contract'
import { requireTargets } from '../usable-targets.ts'
import type { BoostingOptions, BoostingRows } from './boost.ts'

/** Refuses rows that a loss is not defined on. */
export function requireLabels({ labels, weights }: BoostingRows, { loss, custom, classes = 0 }: BoostingOptions): void {
  requireTargets('Boosting', labels, weights)
  if (custom) return
  const row = labels.findIndex(outside[loss]?.(classes) ?? (() => false))
  if (row < 0) return
  throw new ProblemError({
    code: 'data-bad',
    message: `The ${loss} loss can not use the target ${labels[row]} of row ${row + 1}: it takes ${wanted[loss]}.`,
    fix: 'Choose a loss that fits the target.',
    rows: [row],
  })
}

const outside: Partial<Record<BoostingOptions['loss'], (classes: number) => (label: number) => boolean>> = {
  logistic: () => (label) => label !== 0 && label !== 1,
  poisson: () => (label) => label < 0,
  softmax: (classes) => (label) => label < 0 || label >= classes || label !== Math.floor(label),
}

const wanted: Readonly<Record<string, string>> = {
  logistic: '0 and 1',
  poisson: 'numbers from 0',
  softmax: 'the numbers of the classes from 0',
}
