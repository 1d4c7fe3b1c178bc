import type { ReportBlock } from '#contract'
import type { Dimension, SearchSpace, Setting } from '#ml/search/space'
import type { Goal } from './metric.ts'
import type { TuneParams } from './params.ts'
import { quality, type ValuedRecord } from './trial-record.ts'

/** More lines than that say nothing more; the picture is sent after every trial. */
const mostLines = 250

/** A line a trial: its settings, then what came of it; strength by rank. */
export function parallelTrials(
  valued: readonly ValuedRecord[],
  space: SearchSpace,
  goal: Goal,
  second: TuneParams['second'],
): ReportBlock {
  const ranked = valued
    .toSorted((a, b) => a.share - b.share || quality(a, goal) - quality(b, goal) || b.number - a.number)
    .slice(-mostLines)
  const costs = ranked.flatMap(({ cost }) => cost ?? [])
  const names = Object.keys(space)
  const which = valued.length > mostLines ? `The ${mostLines} best trials, a line each` : 'A line a trial'
  return {
    block: 'chart',
    title: 'Every trial',
    note: `${which}, the best ones strong. ${goal.direction === 'maximise' ? 'High' : 'Low'} ${goal.label} is better.`,
    chart: {
      type: 'parallel',
      axes: [
        ...names.map((name) => axisOf(name, space[name]!)),
        ...(costs.length > 0 ? [{ title: second, ...rangeOf(costs) }] : []),
        { title: goal.label, ...rangeOf(ranked.map(({ value }) => value)) },
      ],
      lines: ranked.map(({ number, settings, value, cost }, at) => ({
        label: `trial ${number + 1}`,
        values: [
          ...names.map((name) => plainSetting(settings[name])),
          ...(costs.length > 0 ? [cost ?? null] : []),
          value,
        ],
        strength: ranked.length === 1 ? 1 : at / (ranked.length - 1),
      })),
    },
  }
}

const rangeOf = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) })

/** As tables and charts take it. */
export const plainSetting = (setting: Setting | undefined): string | number | null =>
  setting === undefined ? null : typeof setting === 'boolean' ? String(setting) : setting

const axisOf = (title: string, dimension: Dimension) =>
  dimension.kind === 'category'
    ? { title, words: dimension.choices.map(String) }
    : { title, low: dimension.low, high: dimension.high, ...(dimension.log && { log: true }) }
