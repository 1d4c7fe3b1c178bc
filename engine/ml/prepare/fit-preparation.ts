import type { Frame, FrameColumn } from '#contract'
import { columnOf } from '../frame.ts'
import type { NumberStep, Preparation, TextStep } from './preparation-steps.ts'

export interface NumberOptions {
  /** Booleans take the mode in place of the median. */
  readonly impute: 'median' | 'mean' | 'mode' | 'constant'
  readonly constant: number
  /** Only where some but not all training values are missing. */
  readonly indicator: boolean
  readonly scale: 'standard' | 'none'
}
export interface TextOptions {
  /** Missing values as a category of their own, or as the most frequent level. */
  readonly impute: 'category' | 'mode'
  /** Levels with a smaller share of the training rows, or fewer of them than `rareRows`, go to "(other)". */
  readonly rareShare: number
  readonly rareRows: number
  readonly mostLevels: number
}
export interface PreparationOptions {
  readonly number: NumberOptions
  readonly text: TextOptions
  /** Other options for single columns. */
  readonly overrides?: Readonly<Record<string, Partial<NumberOptions> | Partial<TextOptions>>>
}

export const preparationDefaults: PreparationOptions = {
  number: { impute: 'median', constant: 0, indicator: true, scale: 'standard' },
  text: { impute: 'category', rareShare: 0.01, rareRows: 1, mostLevels: 100 },
}

/** Middle value; the mean of the two middle ones for an even count. NaN when there is none. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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

function fillOf(present: Float64Array, options: NumberOptions): number {
  if (options.impute === 'constant') return options.constant
  if (present.length === 0) return 0
  return options.impute === 'median' ? median(present) : options.impute === 'mean' ? mean(present) : mode(present)
}

/**
 * Mean and standard deviation (divisor n) after imputation; columns whose spread is only rounding count as constant and
 * keep scale 1, by scikit-learn's bound n·eps·var + (n·mean·eps)².
 */
function standardise(values: Float64Array): { readonly center: number; readonly scale: number } {
  const rows = values.length
  const center = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / rows
  const bound = rows * Number.EPSILON * variance + (rows * center * Number.EPSILON) ** 2
  return { center, scale: variance <= bound || !Number.isFinite(variance) ? 1 : Math.sqrt(variance) }
}

function fitNumber(name: string, values: Float64Array, options: NumberOptions): NumberStep {
  const present = values.filter(Number.isFinite)
  const fill = fillOf(present, options)
  const missing = values.length - present.length
  const filled = values.map((value) => (Number.isFinite(value) ? value : fill))
  const spread = options.scale === 'standard' && values.length > 0 ? standardise(filled) : { center: 0, scale: 1 }
  const center = Number.isFinite(spread.center) ? spread.center : 0
  return {
    kind: 'number',
    name,
    fill,
    indicator: options.indicator && missing > 0 && present.length > 0,
    center,
    scale: spread.scale,
  }
}

function fitText(name: string, codes: Int32Array, levels: readonly string[], options: TextOptions): TextStep {
  const counts = new Uint32Array(levels.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0 || levels[code] === '') missing++
    else counts[code]!++
  }
  const seen = [...counts.keys()].filter((code) => counts[code]! > 0)
  const often = seen
    .filter((code) => counts[code]! >= Math.max(options.rareShare * codes.length, options.rareRows))
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
  const kept = often.slice(0, options.mostLevels).sort((a, b) => a - b)
  const names = kept.map((code) => levels[code]!)
  const frequent = often[0]
  const byMode = options.impute === 'mode' && frequent !== undefined
  return {
    kind: 'text',
    name,
    levels: names,
    other: kept.length < seen.length,
    missing: byMode ? { level: levels[frequent]! } : missing > 0 ? { column: true } : null,
  }
}

/** Fits on the given rows alone. Text levels and order of columns follow the frame's names, never its row order. */
export function fitPreparation(
  frame: Frame,
  features: readonly string[],
  rows: Uint32Array,
  options: PreparationOptions = preparationDefaults,
): Preparation {
  const steps = features.map((name) => {
    const column: FrameColumn = columnOf(frame, name)
    const own = options.overrides?.[name]
    if (column.cells.kind === 'text') {
      const { codes, levels } = column.cells
      return fitText(
        name,
        Int32Array.from(rows, (row) => codes[row]!),
        levels,
        { ...options.text, ...(own as Partial<TextOptions>) },
      )
    }
    const { values } = column.cells
    const numberOptions = { ...options.number, ...(own as Partial<NumberOptions>) }
    const halves = column.type === 'boolean' && numberOptions.impute === 'median'
    return fitNumber(
      name,
      Float64Array.from(rows, (row) => values[row]!),
      halves ? { ...numberOptions, impute: 'mode' } : numberOptions,
    )
  })
  return { format: 1, steps }
}

/** What learners use when no preparation is wired. */
export function defaultPreparation(frame: Frame, features: readonly string[], rows: Uint32Array): Preparation {
  return fitPreparation(frame, features, rows)
}
