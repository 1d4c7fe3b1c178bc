import { type CategoryDimension, type Dimension, type NumberDimension, type Setting, sizeOf, stepOf } from './space.ts'

/**
 * Between settings and numbers, as Optuna maps them (its `_SearchSpaceTransform`): a range with steps reaches half a
 * step beyond both ends before it is rounded, so that every value has the same share; logarithmic ranges likewise in
 * the logarithm.
 */
export interface Scale {
  readonly low: number
  readonly high: number
}

/** The ends of a number's range where it is searched: widened by half a step, in logarithms where it is logarithmic. */
export function scaleOf(dimension: NumberDimension): Scale {
  const half = stepOf(dimension) / 2
  const low = dimension.low - half
  const high = lastValue(dimension) + half
  return dimension.log ? { low: Math.log(low), high: Math.log(high) } : { low, high }
}

/** The highest value of the range that its steps reach. */
const lastValue = (dimension: NumberDimension) =>
  stepOf(dimension) === 0 ? dimension.high : dimension.low + (sizeOf(dimension) - 1) * stepOf(dimension)

/** The number of the range nearest to a place on its scale. */
export function fromScale(dimension: NumberDimension, place: number): number {
  const value = dimension.log ? Math.exp(place) : place
  const step = stepOf(dimension)
  const { low } = dimension
  const rounded = step === 0 ? value : low + Math.round((value - low) / step) * step
  return Math.min(lastValue(dimension), Math.max(low, rounded))
}

export const toScale = ({ log }: NumberDimension, value: number) => (log ? Math.log(value) : value)

/** The setting at a share u of [0, 1) of the dimension. */
export function settingAt(dimension: Dimension, u: number): Setting {
  if (dimension.kind === 'category')
    return dimension.choices[Math.min(sizeOf(dimension) - 1, Math.floor(u * sizeOf(dimension)))]!
  if (sizeOf(dimension) === 1) return dimension.low
  const { low, high } = scaleOf(dimension)
  return fromScale(dimension, low + u * (high - low))
}

/** The share of [0, 1] at which a number stands in its dimension. */
export function unitOf(dimension: NumberDimension, value: number): number {
  const { low, high } = scaleOf(dimension)
  return high > low ? (toScale(dimension, value) - low) / (high - low) : 0.5
}

export const choiceOf = ({ choices }: CategoryDimension, setting: Setting) => choices.indexOf(setting)
