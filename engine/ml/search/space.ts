import { ProblemError } from '#contract'

/** What a parameter can be set to. */
export type Setting = number | string | boolean
export type Settings = Readonly<Record<string, Setting>>

/** The parameter exists only where the named earlier one exists and has one of these values. */
export interface Condition {
  readonly name: string
  readonly is: readonly Setting[]
}

/** A range of numbers, both ends included; `log` spreads it evenly over orders of magnitude. */
export interface NumberDimension {
  readonly kind: 'number' | 'integer'
  readonly low: number
  readonly high: number
  readonly log?: boolean
  /** Only low, low + step, … ; integers have 1. Not with `log`. */
  readonly step?: number
  readonly when?: Condition
}

/** One of a few values without an order. */
export interface CategoryDimension {
  readonly kind: 'category'
  readonly choices: readonly Setting[]
  readonly when?: Condition
}

export type Dimension = NumberDimension | CategoryDimension

/** Parameters by name; one that another depends on comes first. */
export type SearchSpace = Readonly<Record<string, Dimension>>

/** The space itself; throws a ProblemError where a dimension can not be searched. */
export function checkSpace(space: SearchSpace): SearchSpace {
  const names = Object.keys(space)
  if (names.length === 0) throw bad('', 'The search space has no parameter.', 'Name at least one parameter to search.')
  names.forEach((name, index) => {
    const dimension = space[name]!
    if (dimension.kind === 'category') checkChoices(name, dimension)
    else checkRange(name, dimension)
    const { when } = dimension
    if (!when) return
    const parent = names.slice(0, index).includes(when.name) ? space[when.name] : undefined
    if (!parent || when.is.length === 0)
      throw bad(
        name,
        `The parameter ${name} depends on ${when.name}, which is not an earlier parameter.`,
        `Put ${when.name} before ${name}, and say for which of its values ${name} exists.`,
      )
  })
  return space
}

function checkChoices(name: string, { choices }: CategoryDimension): void {
  if (choices.length > 0 && new Set(choices).size === choices.length) return
  throw bad(name, `The choices of ${name} are none, or one stands twice.`, `Give ${name} choices that differ.`)
}

function checkRange(name: string, { kind, low, high, log, step }: NumberDimension): void {
  const whole = kind === 'number' || (Number.isInteger(low) && Number.isInteger(high) && Number.isInteger(step ?? 1))
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high) || !whole)
    throw bad(
      name,
      `The range of ${name} is ${low} to ${high}.`,
      `Give ${name} a range from a lower to a higher number.`,
    )
  if (log && !(low > 0))
    throw bad(name, `The range of ${name} is logarithmic and begins at ${low}.`, `Begin the range of ${name} above 0.`)
  if (step !== undefined && (!(step > 0) || (log && !(kind === 'integer' && step === 1))))
    throw bad(name, `The step of ${name} is ${step}.`, `Give ${name} a step above 0, and none on a logarithmic range.`)
}

const bad = (name: string, message: string, fix: string) =>
  new ProblemError({
    code: 'parameter-bad',
    message,
    fix,
    path: name ? ['params', 'space', name] : ['params', 'space'],
  })

/** Whether a parameter exists beside the settings already made. */
export function isActive({ when }: Dimension, settings: Settings): boolean {
  return !when || (Object.hasOwn(settings, when.name) && when.is.includes(settings[when.name]!))
}

/** Settings of every parameter that exists, each made by `choose`, in the order of the space. */
export function fillSettings(space: SearchSpace, choose: (name: string, dimension: Dimension) => Setting): Settings {
  const settings: Record<string, Setting> = {}
  for (const [name, dimension] of Object.entries(space))
    if (isActive(dimension, settings)) settings[name] = choose(name, dimension)
  return settings
}

/** The distance between neighbouring values; 0 where every number of the range is possible. */
export const stepOf = ({ kind, step }: NumberDimension) => step ?? (kind === 'integer' ? 1 : 0)

/** How many values a dimension has; infinite for an unbroken range. */
export function sizeOf(dimension: Dimension): number {
  if (dimension.kind === 'category') return dimension.choices.length
  const step = stepOf(dimension)
  const { low, high } = dimension
  if (low === high) return 1
  return step === 0 ? Number.POSITIVE_INFINITY : Math.floor((high - low) / step + 1e-9) + 1
}
