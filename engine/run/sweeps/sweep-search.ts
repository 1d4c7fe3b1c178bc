import { type JsonValue, ProblemError, type SweepPlan, type SweptParameter, type SweptRange } from '#contract'
import { bracketRungs, deepestBracket } from '#ml/search/brackets'
import { gridSettings } from '#ml/search/grid-search'
import { searchFromJson } from '#ml/search/search-from-json'
import { checkSpace, type Dimension, type SearchSpace, type Setting } from '#ml/search/space'
import type { Search, SearchJson, Trial } from '#ml/search/trial-search'
import type { TrialRecord } from '#store/sweeps'

const defaultTrials = 20
const defaultPoints = 5
const defaultFactor = 3
const mostTrials = 10_000

/** What is searched: a listed value stands for its place in the list, so that any JSON can be one. */
function spaceOf({ parameters, strategy }: SweepPlan): SearchSpace {
  return checkSpace(
    Object.fromEntries(parameters.map((parameter) => [parameter.setting, dimension(parameter, strategy)])),
  )
}

function dimension({ setting, values, range }: SweptParameter, strategy: SweepPlan['strategy']): Dimension {
  if (values) return { kind: 'category', choices: values.map((_, index) => index) }
  if (!range) throw planProblem(`${setting} has neither values nor a range.`, `Give ${setting} values or a range.`)
  const { low, high, log, integer, points } = range
  const whole: Dimension = { kind: integer ? 'integer' : 'number', low, high, ...(log && { log }) }
  if (strategy !== 'grid') return whole
  checkSpace({ [setting]: whole })
  const grid = gridSettings({ [setting]: whole }, points ?? defaultPoints)
  return { kind: 'category', choices: [...new Set(grid.map((settings) => plain(settings[setting]!, range)))] }
}

/** The search a plan asks for, with what its trials have found so far. */
export function openSearch(plan: SweepPlan, trials: readonly TrialRecord[] = []): Search {
  const { strategy, budget, trials: count, seed = 1 } = plan
  const common = { space: spaceOf(plan), seed }
  const halving = strategy === 'halving' && budget && { ...budgetOptions(plan), ...(count && { count }) }
  const told = trials.filter(({ status }) => status === 'done' || status === 'failed')
  const record = trials.map(({ proposal, status, ...trial }) => ({
    ...(proposal as unknown as Omit<Trial, 'number'>),
    ...(status === 'done' || status === 'failed' ? { value: lossOf(plan, trial) } : {}),
  }))
  const json = {
    kind: strategy,
    options: { ...common, ...halving },
    trials: record,
    told: told.map((one) => one.number),
  }
  return searchFromJson(json as SearchJson)
}

const budgetOptions = ({ budget }: SweepPlan) => ({
  least: budget!.least,
  most: budget!.most,
  factor: budget!.factor ?? defaultFactor,
})

/** The figure as something to make small; null where there is none. */
export function lossOf(plan: SweepPlan, { estimate, better }: Pick<TrialRecord, 'estimate' | 'better'>): number | null {
  const value = estimate?.value ?? null
  if (value === null) return null
  const aim = plan.better ?? better ?? 'high'
  if (aim === 'low') return value
  if (aim === 'one') return Math.abs(value - 1)
  return aim === 'zero' ? Math.abs(value) : -value
}

/** How many trials there will be. Throws where a plan can not be carried out. */
export function plannedTrials(plan: SweepPlan): number {
  const { strategy, trials } = plan
  if (trials !== undefined && !(Number.isInteger(trials) && trials > 0 && trials <= mostTrials))
    throw planProblem(
      `The sweep has ${trials} trials.`,
      `Set the number of trials to a whole number from 1 to ${mostTrials}.`,
    )
  const space = spaceOf(plan)
  if (strategy === 'random') return trials ?? defaultTrials
  if (strategy === 'halving') return halvingTrials(plan)
  const size = Object.values(space).reduce((sum, one) => sum * (one.kind === 'category' ? one.choices.length : 1), 1)
  const planned = Math.min(trials ?? size, size)
  if (planned > mostTrials)
    throw planProblem(
      `The grid has ${size} combinations.`,
      `Search at random, or name fewer values: ${mostTrials} trials at most.`,
    )
  return planned
}

function halvingTrials(plan: SweepPlan): number {
  const { budget, parameters, trials } = plan
  if (!budget)
    throw planProblem(
      'Successive halving has no budget.',
      'Name the parameter that says how much a trial may spend, as rows, rounds or epochs.',
    )
  if (parameters.some(({ setting }) => setting === budget.setting))
    throw planProblem(
      `${budget.setting} is the budget and is searched too.`,
      'Search other parameters than the budget.',
    )
  const { least, most, factor } = budgetOptions(plan)
  openSearch(plan)
  const depth = deepestBracket(most, least, factor)
  return bracketRungs(trials ?? factor ** depth, depth, most, factor).reduce((sum, rung) => sum + rung.trials, 0)
}

/** Values of a trial by setting, as the document takes them; the budget among them. */
export function trialSettings(
  plan: SweepPlan,
  trial: Pick<Trial, 'settings' | 'budget'>,
): Readonly<Record<string, JsonValue>> {
  const searched = plan.parameters.map(({ setting, values, range }) => {
    const found = trial.settings[setting]!
    return [setting, values ? values[found as number]! : plain(found, range)] as const
  })
  const budget = plan.budget && trial.budget !== undefined ? [[plan.budget.setting, trial.budget] as const] : []
  return Object.fromEntries([...searched, ...budget])
}

/** A number as a person would write it: six significant digits, within the range. */
function plain(setting: Setting, range: SweptRange | undefined): Setting {
  if (typeof setting !== 'number' || !range || range.integer) return setting
  return Math.min(range.high, Math.max(range.low, Number(setting.toPrecision(6))))
}

export const planProblem = (message: string, fix: string) =>
  new ProblemError({ code: 'parameter-bad', message, fix, path: ['sweep'] })
