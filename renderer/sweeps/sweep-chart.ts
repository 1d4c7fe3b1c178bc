import type { Chart, JsonValue, SweepDetail, SweepTrial } from '#contract'

type Parallel = Extract<Chart, { type: 'parallel' }>

/** What stands in a cell: words as they are, everything else as JSON, long numbers short. */
export const settingWords = (value: JsonValue | undefined): string =>
  value === undefined
    ? '–'
    : typeof value === 'string'
      ? value
      : typeof value === 'number'
        ? String(Number(value.toPrecision(5)))
        : JSON.stringify(value)

export const trialLabel = (number: number): string => `trial ${number + 1}`

/** What was searched, in the order of the plan, the budget last. A setting with one value is the same in every trial. */
export function settingNames({ plan }: Pick<SweepDetail, 'plan'>): readonly string[] {
  const searched = plan.parameters.filter(({ values }) => values?.length !== 1)
  const names = (searched.length > 0 ? searched : plan.parameters).map(({ setting }) => setting)
  return plan.strategy === 'halving' && plan.budget ? [...names, plan.budget.setting] : names
}

/** How good each trial is beside the others: 1 for the best, 0 for the worst; trials without a value are left out. */
function strengths({ trials, better }: Pick<SweepDetail, 'trials' | 'better'>): ReadonlyMap<number, number> {
  const valued = trials.flatMap(({ number, estimate, budget = 0 }) =>
    typeof estimate?.value === 'number' ? [{ number, budget, quality: quality(estimate.value, better) }] : [],
  )
  const ranked = valued.toSorted((a, b) => a.budget - b.budget || a.quality - b.quality || b.number - a.number)
  return new Map(ranked.map(({ number }, at) => [number, ranked.length === 1 ? 1 : at / (ranked.length - 1)]))
}

function quality(value: number, better: SweepDetail['better']): number {
  if (better === 'low') return -value
  if (better === 'one') return -Math.abs(value - 1)
  return better === 'zero' ? -Math.abs(value) : value
}

/** Trials with a value, the best first, then those without. */
export function rankedTrials(detail: Pick<SweepDetail, 'trials' | 'better'>): readonly SweepTrial[] {
  const strength = strengths(detail)
  const place = ({ number }: SweepTrial) => -(strength.get(number) ?? -1)
  return detail.trials.toSorted((a, b) => place(a) - place(b) || a.number - b.number)
}

/** A line a trial: its settings, then the figure. Undefined while nothing has a value. */
export function sweepChart(
  detail: Pick<SweepDetail, 'plan' | 'trials' | 'better' | 'label'>,
  titles: ReadonlyMap<string, string>,
): Parallel | undefined {
  const strength = strengths(detail)
  const valued = detail.trials.filter(({ number }) => strength.has(number))
  if (valued.length === 0) return undefined
  const names = settingNames(detail)
  const values = valued.map(({ estimate }) => estimate!.value!)
  return {
    type: 'parallel',
    axes: [
      ...names.map((name) => axisOf(detail, name, titles.get(name) ?? name)),
      { title: detail.label, low: Math.min(...values), high: Math.max(...values) },
    ],
    lines: valued.map(({ number, settings, estimate }) => ({
      label: trialLabel(number),
      values: [...names.map((name) => onAxis(detail, name, settings[name])), estimate!.value],
      strength: strength.get(number)!,
    })),
  }
}

const rangeOf = ({ plan }: Pick<SweepDetail, 'plan'>, name: string) =>
  plan.parameters.find(({ setting }) => setting === name)?.range

function axisOf(detail: Pick<SweepDetail, 'plan' | 'trials'>, name: string, title: string): Parallel['axes'][number] {
  const range = rangeOf(detail, name)
  if (range) return { title, low: range.low, high: range.high, ...(range.log && { log: true }) }
  const listed = detail.plan.parameters.find(({ setting }) => setting === name)?.values
  const found =
    listed ?? [...new Set(detail.trials.map(({ settings }) => settings[name] as number))].sort((a, b) => a - b)
  return { title, words: found.map(settingWords) }
}

const onAxis = (detail: Pick<SweepDetail, 'plan'>, name: string, value: JsonValue | undefined) =>
  rangeOf(detail, name) && typeof value === 'number' ? value : settingWords(value)
