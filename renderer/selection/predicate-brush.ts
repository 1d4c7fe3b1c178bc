import { type CellCondition, type Column, isOfCells, type RowPredicate } from '#contract'
import type { Bar } from './bars-of.ts'
import { bare, type ChartBrush, type Linked, onAxis } from './chart-axis.ts'
import { besideConditions, conditionOn } from './row-selection.ts'

type Predicates = readonly (readonly CellCondition[] | null)[]

/** The predicates that parts stand for, and what is chosen, in the same words. */
export interface PartPredicates {
  /** On columns of the table beside the rows' own. */
  readonly beside: boolean
  readonly bars: Predicates
  readonly where: RowPredicate
}

export function partPredicates({ rows, selection }: Linked): PartPredicates {
  const where = selection?.where ?? []
  const { beside } = rows
  if (beside?.bars) return { beside: true, bars: beside.bars, where: besideConditions(where, beside.table) }
  const bars = (rows.bars ?? []).map((one) => one?.filter(isOfCells) ?? null)
  return { beside: false, bars, where }
}

const singleOf = (where: Predicates[number]) => (where?.length === 1 && 'column' in where[0]! ? where[0] : undefined)

/** The one column that all parts are about, each with its values, where it is so. */
function sharedColumn(bars: Predicates, columns: readonly Column[]): Column | undefined {
  const plain = bars.every((where) => where === null || (singleOf(where)?.values && !singleOf(where)?.missing))
  const names = new Set(bars.flatMap((where) => singleOf(where)?.column ?? []))
  return plain && names.size === 1 ? columns.find(({ name }) => names.has(name)) : undefined
}

type Labels = readonly Pick<Bar, 'label' | 'count'>[]

function ofValues(linked: Linked, { beside, bars, where }: PartPredicates, column: Column, labels: Labels): ChartBrush {
  const condition = bare(conditionOn(where, column.name))
  return {
    parts: linked.places.parts[0]!,
    bars: labels.map((one, i) => ({ ...one, condition: bare(singleOf(bars[i] ?? null)) ?? { values: [] } })),
    condition,
    counted: [{ column: column.name, values: bars.map((one) => singleOf(one)?.values?.[0] ?? '') }],
    choice: onAxis({ column, beside, condition }),
  }
}

/** Parts that stand for predicates of their own are told apart by their number; one is chosen at a time. */
function ofPredicates(linked: Linked, { bars, where }: PartPredicates, labels: Labels): ChartBrush {
  const same = JSON.stringify(where)
  const chosen = bars.findIndex((one) => one !== null && JSON.stringify(one) === same)
  return {
    parts: linked.places.parts[0]!,
    bars: labels.map((one, i) => ({ ...one, condition: { values: [i] } })),
    condition: chosen < 0 ? undefined : { values: [chosen] },
    counted: [],
    single: true,
    choice: (condition) => ({ whole: bars[Number(condition?.values?.at(-1) ?? -1)] ?? [] }),
  }
}

/** How bars or cells choose that stand for predicates: by the values of one column, or one of them as a whole. */
export function predicateBrush(linked: Linked, labels: Labels): readonly ChartBrush[] {
  const predicates = partPredicates(linked)
  if (predicates.bars.length === 0) return []
  const columns = predicates.beside ? (linked.rows.beside?.table.columns ?? []) : linked.columns
  const column = sharedColumn(predicates.bars, columns)
  if (column) return [ofValues(linked, predicates, column, labels)]
  return predicates.beside ? [] : [ofPredicates(linked, predicates, labels)]
}
