import type { Frame, RunContext, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'
import type { Dimension, SearchSpace, Setting, Settings } from '#ml/search/space'
import type { TrialRecord } from './trial-record.ts'

/** Every trial as a row: a column a parameter, and what came of it in columns named as no parameter is. */
export function trialsFrame(records: readonly TrialRecord[], space: SearchSpace): Frame {
  const column = (
    name: string,
    type: 'integer' | 'number' | 'text' | 'boolean',
    of: (record: TrialRecord) => PlainCell | undefined,
  ) =>
    columnFrom(
      name,
      type,
      records.map((record) => of(record) ?? null),
    )
  return frameOf(
    column('trial', 'integer', ({ number }) => number),
    column('status', 'text', ({ value, share }) => (value === null ? 'failed' : share < 1 ? 'short' : 'full')),
    column('metric_value', 'number', ({ value }) => value),
    column('metric_spread', 'number', ({ spread }) => spread),
    column('length_share', 'number', ({ share }) => share),
    column('from_trial', 'integer', ({ from }) => from),
    column('second_goal', 'number', ({ cost }) => cost),
    column('failed_because', 'text', ({ reason }) => reason),
    ...Object.entries(space).map(([name, dimension]) =>
      column(name, typeOf(dimension), ({ settings }) => settings[name]),
    ),
  )
}

export const trialColumns = (space: SearchSpace) =>
  trialsFrame([], space).columns.map(({ cells: _, ...column }) => ({ ...column, nullable: true }))

function typeOf(dimension: Dimension): 'integer' | 'number' | 'text' | 'boolean' {
  if (dimension.kind !== 'category') return dimension.kind
  const kinds = new Set(dimension.choices.map((choice) => typeof choice))
  return kinds.size === 1 && !kinds.has('string') ? (kinds.has('number') ? 'number' : 'boolean') : 'text'
}

/** The records of a search from its table of trials. */
export async function readTrials(
  trials: Table,
  space: SearchSpace,
  context: RunContext,
): Promise<readonly TrialRecord[]> {
  const frame = await context.tables.read(trials)
  return Array.from({ length: frame.rows }, (_, row) => recordAt(frame, row, space))
}

function recordAt(frame: Frame, row: number, space: SearchSpace): TrialRecord {
  const number = (name: string) => {
    const { cells } = columnOf(frame, name)
    const value = cells.kind === 'number' ? cells.values[row]! : Number.NaN
    return Number.isNaN(value) ? undefined : value
  }
  const given = <Key extends string, Value>(key: Key, value: Value | undefined | null) =>
    (value === undefined || value === null ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
  return {
    number: number('trial')!,
    settings: settingsAt(frame, row, space),
    share: number('length_share')!,
    value: number('metric_value') ?? null,
    ...given('from', number('from_trial')),
    ...given('spread', number('metric_spread')),
    ...given('cost', number('second_goal')),
    ...given('reason', cellText(columnOf(frame, 'failed_because'), row)),
  }
}

function settingsAt(frame: Frame, row: number, space: SearchSpace): Settings {
  const found = Object.entries(space).flatMap(([name, dimension]): [string, Setting][] => {
    const { cells } = columnOf(frame, name)
    if (cells.kind === 'text') {
      const text = cells.levels[cells.codes[row]!]
      const choices = dimension.kind === 'category' ? dimension.choices : []
      const choice = choices.find((one) => String(one) === text)
      return choice === undefined ? [] : [[name, choice]]
    }
    const value = cells.values[row]!
    if (Number.isNaN(value)) return []
    return [[name, typeOf(dimension) === 'boolean' ? value === 1 : value]]
  })
  return Object.fromEntries(found)
}
