import { median } from '../statistics/quantiles.ts'
import type { NumberStep } from './preparation-steps.ts'
import { fitScaling, type Scale } from './scale-number.ts'

export interface NumberOptions {
  /** Booleans take the mode in place of the median; `none` leaves missing values missing, and scales nothing. */
  readonly impute: 'median' | 'mean' | 'mode' | 'constant' | 'neighbours' | 'none'
  readonly constant: number
  /** Only where some but not all training values are missing. */
  readonly indicator: boolean
  readonly scale: Scale
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Most frequent value; the smallest of equally frequent ones, as scikit-learn has it. */
function mode(values: Float64Array): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best = Number.NaN
  for (const [value, count] of counts) {
    const most = counts.get(best) ?? 0
    if (count > most || (count === most && value < best)) best = value
  }
  return best
}

function fillOf(present: Float64Array, { impute, constant }: NumberOptions): number {
  if (impute === 'constant') return constant
  if (present.length === 0) return 0
  return impute === 'median' ? median(present) : impute === 'mode' ? mode(present) : mean(present)
}

/** `estimates` by neighbours of the same rows, where there are any. */
export function fitNumber(
  name: string,
  values: Float64Array,
  options: NumberOptions,
  estimates?: Float64Array,
): NumberStep {
  if (options.impute === 'none')
    return { kind: 'number', name, fill: 0, kept: true, indicator: false, center: 0, scale: 1 }
  const present = values.filter(Number.isFinite)
  const fill = fillOf(present, options)
  const missing = values.length - present.length
  const filled = values.map((value, row) => {
    if (Number.isFinite(value)) return value
    return estimates && Number.isFinite(estimates[row]!) ? estimates[row]! : fill
  })
  const { curve, center, scale } = fitScaling(filled, options.scale)
  return {
    kind: 'number',
    name,
    // Never -0, which JSON does not know.
    fill: fill + 0,
    ...(estimates && { neighbours: true }),
    indicator: options.indicator && missing > 0 && present.length > 0,
    ...(curve && { curve }),
    center: center + 0,
    scale,
  }
}
