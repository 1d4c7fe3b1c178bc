import type { Frame, FrameColumn } from '#contract'
import { columnOf, takeRows } from '../frame.ts'
import { type DatePart, fitDate } from './date-parts.ts'
import { fitNumber, type NumberOptions } from './fit-number.ts'
import { fitHash } from './hash-levels.ts'
import { estimateByNeighbours, fitNeighbours, type NeighbourOptions } from './impute-neighbours.ts'
import { fitOneHot, type RareOptions } from './one-hot.ts'
import { fitOrdinal } from './ordinal.ts'
import type { Preparation, PreparationStep } from './preparation-steps.ts'
import { fitTarget, type KnownTarget, type TargetOptions, type TargetStep } from './target-encoding.ts'
import { fitTerms, type TermsOptions } from './text-terms.ts'

export interface DateColumnOptions {
  /** As one number of milliseconds, treated like the other numbers, or as parts. */
  readonly as: 'number' | 'parts'
  readonly parts: readonly DatePart[]
  /** Parts that come round again as sine and cosine. */
  readonly circles: boolean
}

export type TermsColumnOptions = Omit<TermsOptions, 'unit' | 'from' | 'to' | 'buckets'> & {
  /** Words in a term. */
  readonly words: readonly [from: number, to: number]
  /** Characters in a term. */
  readonly characters: readonly [from: number, to: number]
  /** Columns of hashed terms. */
  readonly buckets: number
}

export const encodings = [
  'one-hot',
  'ordinal',
  'target',
  'hash',
  'words',
  'characters',
  'hashed-words',
  'hashed-characters',
] as const
export type Encoding = (typeof encodings)[number]

export interface TextOptions extends RareOptions {
  /** Missing values as a category of their own, or as the most frequent level; terms have no use for it. */
  readonly impute: 'category' | 'mode'
  readonly encode: Encoding
}

export interface PreparationOptions {
  readonly number: NumberOptions
  readonly neighbours: NeighbourOptions
  readonly date: DateColumnOptions
  readonly text: TextOptions
  /** Columns of levels that are hashed. */
  readonly buckets: number
  readonly target: Omit<TargetOptions, 'impute'>
  readonly terms: TermsColumnOptions
  /** Other options for single columns. */
  readonly overrides?: Readonly<
    Record<string, Partial<NumberOptions> | Partial<TextOptions> | Partial<Omit<DateColumnOptions, 'parts'>>>
  >
}

export const preparationDefaults: PreparationOptions = {
  number: { impute: 'median', constant: 0, indicator: true, scale: 'standard' },
  neighbours: { count: 5, rows: 1_000 },
  date: { as: 'number', parts: ['year', 'month', 'day', 'weekday', 'hour'], circles: false },
  text: { impute: 'category', encode: 'one-hot', rareShare: 0.01, rareRows: 1, mostLevels: 100 },
  buckets: 64,
  target: { smoothing: 'auto', folds: 5, seed: 0 },
  terms: { words: [1, 2], characters: [3, 5], minRows: 2, mostTerms: 2_000, sublinear: false, buckets: 1_024 },
}

function termsOf({ words, characters, buckets, ...rest }: TermsColumnOptions, encode: Encoding): TermsOptions {
  const unit = encode === 'words' || encode === 'hashed-words' ? 'word' : 'character'
  const [from, to] = unit === 'word' ? words : characters
  return { ...rest, unit, from, to, ...(encode.startsWith('hashed') && { buckets }) }
}

function fitText(
  column: FrameColumn,
  rows: Uint32Array,
  options: PreparationOptions,
  target: KnownTarget | undefined,
): PreparationStep {
  const { name, cells } = column
  if (cells.kind !== 'text') throw new RangeError(`${name} holds no text`)
  const own = { ...options.text, ...(options.overrides?.[name] as Partial<TextOptions>) }
  const { levels } = cells
  const codes = Int32Array.from(rows, (row) => cells.codes[row]!)
  if (own.encode === 'one-hot') return fitOneHot(name, codes, levels, own)
  if (own.encode === 'ordinal') return fitOrdinal(name, codes, levels, own)
  if (own.encode === 'hash') return fitHash(name, codes, levels, { ...own, buckets: options.buckets })
  if (own.encode !== 'target') return fitTerms(name, codes, levels, termsOf(options.terms, own.encode))
  if (!target) throw new RangeError(`${name} is encoded by a target that is not given`)
  return fitTarget(column, target, { ...options.target, impute: own.impute })
}

/** What a column of numbers is prepared with. */
function numberOptions({ name, type }: FrameColumn, options: PreparationOptions): NumberOptions {
  const own = { ...options.number, ...(options.overrides?.[name] as Partial<NumberOptions>) }
  return type === 'boolean' && own.impute === 'median' ? { ...own, impute: 'mode' } : own
}

/** How a date is prepared; other columns are numbers. */
function dateOptions({ name, type }: FrameColumn, { date, overrides }: PreparationOptions): DateColumnOptions {
  return type === 'date' ? { ...date, ...(overrides?.[name] as Partial<DateColumnOptions>) } : { ...date, as: 'number' }
}
const asParts = (column: FrameColumn, options: PreparationOptions) => dateOptions(column, options).as === 'parts'

/**
 * Fits on the given rows alone. Text levels and order of columns follow the frame's names, never its row order (but for
 * neighbours, whose kept rows and ties do). `target` is needed by columns that are encoded by it, on rows among `rows`.
 */
export function fitPreparation(
  frame: Frame,
  features: readonly string[],
  rows: Uint32Array,
  options: PreparationOptions = preparationDefaults,
  target?: KnownTarget,
): Preparation {
  const columns = features.map((name) => columnOf(frame, name))
  const valuesOf = ({ cells }: FrameColumn) =>
    cells.kind === 'number' ? Float64Array.from(rows, (row) => cells.values[row]!) : new Float64Array()
  const compared = columns.filter(
    (column) =>
      column.cells.kind === 'number' &&
      !asParts(column, options) &&
      numberOptions(column, options).impute === 'neighbours',
  )
  const neighbours =
    compared.length > 0
      ? fitNeighbours(
          compared.map((column) => ({ name: column.name, values: valuesOf(column) })),
          options.neighbours,
        )
      : undefined
  const estimates =
    neighbours && estimateByNeighbours(neighbours, takeRows({ rows: frame.rows, columns: compared }, rows))
  const steps = columns.map((column): PreparationStep => {
    if (column.cells.kind === 'text') return fitText(column, rows, options, target)
    const own = numberOptions(column, options)
    if (asParts(column, options))
      return fitDate(column.name, valuesOf(column), { ...dateOptions(column, options), ...own })
    return fitNumber(column.name, valuesOf(column), own, estimates?.get(column.name))
  })
  return { format: 1, steps, ...(neighbours && { neighbours }) }
}

/** The preparation with its encodings by target fitted again on the rows where the target is known. */
export function refitTargets(preparation: Preparation, frame: Frame, target: KnownTarget): Preparation {
  const again = ({ name, options }: TargetStep) => fitTarget(columnOf(frame, name), target, options)
  return { ...preparation, steps: preparation.steps.map((step) => (step.kind === 'target' ? again(step) : step)) }
}

/** What learners use when no preparation is wired. */
export function defaultPreparation(frame: Frame, features: readonly string[], rows: Uint32Array): Preparation {
  return fitPreparation(frame, features, rows)
}
