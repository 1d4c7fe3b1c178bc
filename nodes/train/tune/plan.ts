import { z } from 'zod'
import { type JsonValue, type Problem, ProblemError } from '#contract'
import { checkSpace, type Dimension, type SearchSpace, type Setting, type Settings, sizeOf } from '#ml/search/space'
import { formatInteger } from '#report/format-number'
import type { TunableLearner } from '../tunable-learner.ts'
import { type LearnerName, learners } from './learners.ts'
import type { TuneParams } from './params.ts'

/** What is tuned, over what, from what on; known from the parameters alone. */
export interface TuningPlan {
  readonly name: LearnerName
  readonly learner: TunableLearner
  readonly space: SearchSpace
  /** The learner's parameters with some of them set. */
  paramsWith(settings: Settings): Readonly<Record<string, JsonValue>>
}

type Shape = Readonly<Record<string, z.ZodType>>
type Range = TuneParams['space'][number]

/** Decided by the rows, the form or the search itself. */
const taken: ReadonlySet<string> = new Set(['target', 'kind', 'positive', 'folds', 'input', 'column', 'layers'])

/** Throws a ProblemError where the parameters name a space that can not be searched. */
export function planTuning(params: TuneParams): TuningPlan {
  const learner = learners[params.learner]
  const shape = learner.node.params.shape as Shape
  const own = ownSettings(params, learner, shape)
  const { target, kind, classWeight, positive, threshold } = params
  const common = learner.common({ target, kind, classWeight, positive, threshold })
  const start = { ...learner.settings, ...common, folds: 0, ...own }
  const space = searchSpace(params, learner, shape, own)
  if (params.strategy === 'grid') checkGrid(space, params.points)
  return {
    name: params.learner,
    learner,
    space,
    paramsWith: (settings) =>
      learner.node.params.parse({ ...start, ...settings }) as ReturnType<TuningPlan['paramsWith']>,
  }
}

/** More trials than that are no search any more. */
const mostTrials = 2_000

function checkGrid(space: SearchSpace, points: number): void {
  const sizes = Object.values(space).map((dimension) =>
    dimension.kind === 'category' ? dimension.choices.length : Math.min(points, sizeOf(dimension)),
  )
  const count = sizes.reduce((product, size) => product * size, 1)
  if (count > mostTrials)
    throw bad(
      'points',
      `Every combination of ${points} values of ${sizes.length} parameters makes ${formatInteger(count)} trials; ${formatInteger(mostTrials)} are the most.`,
      'Lower the points, search fewer parameters, or choose another strategy',
    )
}

const bad = (path: string, message: string, fix: string): ProblemError =>
  new ProblemError({ code: 'parameter-bad', message, path: ['params', path], fix })

function ownSettings({ settings }: TuneParams, learner: TunableLearner, shape: Shape): Record<string, JsonValue> {
  if (settings.trim() === '') return {}
  let own: unknown
  try {
    own = JSON.parse(settings)
  } catch {
    own = undefined
  }
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw bad('settings', 'The other settings are not a JSON object.', 'Write them as { "name": value }')
  for (const [name, value] of Object.entries(own))
    if (!fits(shape, name, value))
      throw bad(
        'settings',
        Object.hasOwn(shape, name)
          ? `${learner.node.title} does not take ${JSON.stringify(value)} for ${name}.`
          : `${learner.node.title} has no parameter ${name}.`,
        Object.hasOwn(shape, name) ? `Look ${name} up on the learner’s page` : `Choose among ${searchable(shape)}`,
      )
  return own as Record<string, JsonValue>
}

const fits = (shape: Shape, name: string, value: unknown): boolean =>
  Object.hasOwn(shape, name) && shape[name]!.safeParse(value).success

const searchable = (shape: Shape): string =>
  Object.keys(shape)
    .filter((name) => !taken.has(name))
    .join(', ')

function searchSpace(
  { space, onlyThese }: TuneParams,
  learner: TunableLearner,
  shape: Shape,
  own: Readonly<Record<string, JsonValue>>,
): SearchSpace {
  const usual = Object.entries(onlyThese ? {} : learner.space).filter(([name]) => !Object.hasOwn(own, name))
  const found: Record<string, Dimension> = Object.fromEntries(usual)
  const named = new Set<string>()
  for (const range of space) {
    const name = range.parameter.trim()
    if (named.has(name)) throw bad('space', `${name} stands twice among the ranges.`, `Keep one range of ${name}`)
    named.add(name)
    if (!Object.hasOwn(shape, name) || taken.has(name))
      throw bad(
        'space',
        `${learner.node.title} has no parameter "${name}" that can be searched.`,
        `Choose among ${searchable(shape)}`,
      )
    found[name] = dimensionOf(name, range, shape)
  }
  return checkSpace(found)
}

function dimensionOf(name: string, { from, to, log, choices }: Range, shape: Shape): Dimension {
  if (choices.trim() !== '')
    return { kind: 'category', choices: choices.split(',').map((text) => choiceOf(name, text.trim(), shape)) }
  const { type } = z.toJSONSchema(shape[name]!) as { readonly type?: string }
  if (type !== 'integer' && type !== 'number')
    throw bad('space', `${name} is not a number, so it has no range.`, `Write its values under choices`)
  if (from <= to)
    for (const end of [from, to])
      if (!fits(shape, name, end))
        throw bad('space', `${name} can not be ${end}.`, `Give ${name} a range of values that its own form takes`)
  return { kind: type, low: from, high: to, ...(log && { log }) }
}

/** The value a text stands for: a number or a truth value where the parameter takes one, else the text. */
function choiceOf(name: string, text: string, shape: Shape): Setting {
  const read: Setting[] = [
    ...(text !== '' && Number.isFinite(Number(text)) ? [Number(text)] : []),
    ...(text === 'true' ? [true] : text === 'false' ? [false] : []),
    text,
  ]
  const found = read.find((value) => fits(shape, name, value))
  if (found === undefined)
    throw bad('space', `${name} can not be "${text}".`, `Give ${name} choices that its own form takes`)
  return found
}

/** The problems of a plan in place of throwing them, for checks before any run. */
export function planOrProblems(params: TuneParams): TuningPlan | readonly Problem[] {
  try {
    return planTuning(params)
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
}
