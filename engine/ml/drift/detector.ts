import { ProblemError } from '#contract'

/** What a detector says of a stream after an observation. After `drift` it has forgotten the past and starts anew. */
export type DriftState = 'none' | 'warning' | 'drift'

/**
 * An incremental drift detector. `toJson` holds all there is: the detector that `detectorFromJson` makes of it gives
 * the same answers to the same observations as the original would.
 */
export interface DriftDetector<Observation = number> {
  /** Takes the next observation; throws a ProblemError, and stays as it was, where that can not be used. */
  update(observation: Observation): DriftState
  toJson(): DetectorJson
}

type Options = Readonly<Record<string, unknown>>
/** A number or a list of numbers by name; zeros at the end of a list are left out. */
export type SavedState = Readonly<Record<string, number | readonly number[]>>

export interface DetectorJson {
  readonly kind: string
  readonly options: Options
  readonly state: SavedState
}

/** Stands for "nothing yet" where a minimum is kept: above every observation, yet a number JSON can hold. */
export const unset = Number.MAX_VALUE

type Memory<State> = { [Key in keyof State]: number | Float64Array | Uint32Array }

/** A detector whose whole memory is a flat object of numbers and typed arrays, made once and written in place. */
export abstract class FlatDetector<Given extends object, State extends Memory<State>> {
  readonly kind: string
  readonly options: Readonly<Given>
  protected readonly state: State

  protected constructor(kind: string, options: Given, start: State, saved?: SavedState) {
    this.kind = kind
    this.options = options
    this.state = saved ? restore(kind, start, saved) : start
  }

  toJson(): DetectorJson {
    const entries = Object.entries(this.state as Record<string, number | Float64Array | Uint32Array>)
    const state = entries.map(([name, value]) => [name, typeof value === 'number' ? value : withoutZeros(value)])
    return { kind: this.kind, options: { ...this.options }, state: Object.fromEntries(state) }
  }
}

function withoutZeros(values: Float64Array | Uint32Array): number[] {
  let length = values.length
  while (length > 0 && values[length - 1] === 0) length--
  return Array.from(values.subarray(0, length))
}

function restore<State extends Memory<State>>(kind: string, start: State, saved: SavedState): State {
  for (const name of Object.keys(start) as (keyof State & string)[]) {
    const fresh: number | Float64Array | Uint32Array = start[name]
    if (typeof fresh === 'number') {
      start[name] = savedNumber(kind, saved, name) as State[typeof name]
      continue
    }
    const values = savedList(kind, saved, name)
    if (values.length > fresh.length) throw damaged(kind, name)
    fresh.fill(0)
    fresh.set(values)
  }
  return start
}

export function savedNumber(kind: string, saved: SavedState, name: string): number {
  const value = saved[name]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw damaged(kind, name)
}

export function savedList(kind: string, saved: SavedState, name: string): readonly number[] {
  const values = saved[name]
  if (Array.isArray(values) && values.every(Number.isFinite)) return values as readonly number[]
  throw damaged(kind, name)
}

function damaged(kind: string, name: string): ProblemError {
  return new ProblemError({
    code: 'data-bad',
    message: `The saved state of the ${kind} detector has no usable "${name}".`,
    fix: 'Start the detector anew, or use an unchanged copy of its saved state.',
  })
}

/** An observation outside what a detector can use, with what it can. */
export function unusable(kind: string, value: unknown, usable: string): ProblemError {
  return new ProblemError({
    code: 'data-bad',
    message: `The ${kind} detector got ${String(value).slice(0, 40)} where it needs ${usable}.`,
    fix: `Leave this observation out, or give ${usable}.`,
  })
}

/** Lowest and highest value of each number among the options. */
export type Limits<Given> = { readonly [Key in keyof Given]?: readonly [low: number, high: number] }

/** The defaults with the given options over them, every number within its limits. */
export function settle<Given extends object>(
  kind: string,
  defaults: Given,
  given: Partial<Given>,
  limits: Limits<Given>,
): Given {
  const options = { ...defaults, ...given }
  for (const name of Object.keys(limits) as (keyof Given & string)[]) {
    const [low, high] = limits[name]!
    const value = options[name]
    if (typeof value === 'number' && value >= low && value <= high) continue
    throw badOption(kind, name, String(value), `a number from ${low} to ${high}`)
  }
  return options
}

export function badOption(kind: string, name: string, value: string, usable: string): ProblemError {
  return new ProblemError({
    code: 'parameter-bad',
    message: `The ${kind} detector got ${name} = ${value.slice(0, 40)}.`,
    path: ['params', name],
    fix: `Set ${name} to ${usable}.`,
  })
}
