import { quantileSorted } from '../statistics/quantiles.ts'
import type { NumberStep } from './preparation-steps.ts'
import { fitQuantileCurve, quantileValue } from './quantile-curve.ts'
import { fitYeoJohnson, yeoJohnson } from './yeo-johnson.ts'

export const scales = [
  'standard',
  'min-max',
  'robust',
  'quantile-uniform',
  'quantile-normal',
  'yeo-johnson',
  'none',
] as const
export type Scale = (typeof scales)[number]

/** What a filled value goes through: a curve where there is one, then minus center, divided by scale. */
export type Scaling = Pick<NumberStep, 'curve' | 'center' | 'scale'>

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** A spread of 0, so small that quotients overflow, or beyond the numbers keeps scale 1. */
const usable = (spread: number) => (spread > 1e-100 && Number.isFinite(spread) ? spread : 1)

/**
 * Mean and standard deviation (divisor n) after imputation; columns whose spread is only rounding count as constant and
 * keep scale 1, by scikit-learn's bound n·eps·var + (n·mean·eps)².
 */
function standardise(values: Float64Array): Scaling {
  const rows = values.length
  const center = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / rows
  const bound = rows * Number.EPSILON * variance + (rows * center * Number.EPSILON) ** 2
  return { center, scale: variance <= bound ? 1 : usable(Math.sqrt(variance)) }
}

/** Standard, min-max or robust (median and interquartile range) scaling. */
function spreadOf(values: Float64Array, scale: Scale): Scaling {
  if (scale === 'none') return { center: 0, scale: 1 }
  if (scale !== 'min-max' && scale !== 'robust') return standardise(values)
  const sorted = values.slice().sort()
  if (scale === 'min-max') return { center: sorted[0]!, scale: usable(sorted.at(-1)! - sorted[0]!) }
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share))
  return { center: middle!, scale: usable(high! - low!) }
}

/** Fits on filled values, at least one; a center beyond the numbers becomes 0. */
export function fitScaling(values: Float64Array, scale: Scale): Scaling {
  if (values.length === 0) return { center: 0, scale: 1 }
  if (scale === 'quantile-uniform' || scale === 'quantile-normal')
    return { curve: fitQuantileCurve(values, scale === 'quantile-normal'), center: 0, scale: 1 }
  const curve = scale === 'yeo-johnson' ? fitYeoJohnson(values) : undefined
  const { center, scale: spread } = spreadOf(curve ? values.map((value) => yeoJohnson(value, curve)) : values, scale)
  return { ...(curve && { curve }), center: Number.isFinite(center) ? center : 0, scale: spread }
}

/** The scaling without curves, for whole numbers such as the parts of a date. */
export const fitPlainScaling = (values: Float64Array, scale: Scale) =>
  fitScaling(values, scale === 'min-max' || scale === 'robust' || scale === 'none' ? scale : 'standard')

/** Filled values in place. */
export function scaleValues(values: Float64Array, { curve, center, scale }: Scaling): void {
  const bent = curve && (curve.kind === 'quantile' ? quantileValue(curve) : (x: number) => yeoJohnson(x, curve))
  for (let i = 0; i < values.length; i++) values[i] = ((bent ? bent(values[i]!) : values[i]!) - center) / scale
}
