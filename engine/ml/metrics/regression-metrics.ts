import type { Metric } from '#contract'
import type { Random } from '../random/random.ts'
import { percentileIntervals } from '../statistics/bootstrap.ts'
import { requireNumbers } from '../usable-targets.ts'
import { finiteMetrics, type IntervalOptions } from './metric-names.ts'
import { regressionFigures } from './regression.ts'

export interface PredictedNumbers {
  readonly actual: Float64Array
  readonly predicted: Float64Array
  readonly weights?: Float64Array
  /** Of the pinball loss. */
  readonly quantile?: number
}
const names = ['r2', 'rmse', 'mae', 'mape', 'pinball', 'bias'] as const

/** All regression figures, null where undefined; intervals are percentile bootstrap. Refuses what is no finite number. */
export function regressionMetrics(
  { actual, predicted, weights, quantile = 0.5 }: PredictedNumbers,
  intervals?: IntervalOptions & { readonly random: Random },
): Metric[] {
  requireNumbers('An evaluation', 'target', actual)
  requireNumbers('An evaluation', 'prediction', predicted)
  if (weights) requireNumbers('An evaluation', 'weight', weights)
  const values = regressionFigures(actual, predicted, weights, quantile)
  const product = new Float64Array(actual.length)
  const drawn =
    intervals && intervals.replicates > 0
      ? percentileIntervals(
          actual.length,
          (counts) => {
            for (let i = 0; i < counts.length; i++) product[i] = counts[i]! * (weights ? weights[i]! : 1)
            const figures = regressionFigures(actual, predicted, product, quantile)
            return names.map((name) => figures[name])
          },
          intervals,
        )
      : undefined
  return finiteMetrics(names.map((name, i) => ({ name, value: values[name], n: actual.length, ...drawn?.[i] })))
}
