import { createStore } from 'zustand/vanilla'
import {
  type CellCondition,
  type Column,
  type ColumnCondition,
  columnsOfCondition,
  type Hash,
  isOfCells,
  type PredicateCondition,
  type RowPredicate,
  type Stretches,
  type Table,
} from '#contract'
import type { BarCondition } from './bars-of.ts'

/** Rows chosen in some view: those of a table for which the predicate holds, and of every other that has its columns. */
export interface RowSelection {
  readonly table: Hash
  /** The columns of that table that the predicate names, as they are there. */
  readonly columns: readonly Column[]
  readonly where: RowPredicate
}
export interface RowSelectionState {
  readonly selection: RowSelection | null
  /** Tables show the chosen rows only. */
  readonly only: boolean
}
/** Whose columns conditions name: those of a table, or those of one beside it. */
export interface Scope {
  readonly table: Hash
  readonly columns: readonly Column[]
  readonly beside?: Table | undefined
}

export type RowSelectionStore = ReturnType<typeof createRowSelectionStore>

/** The one selection of rows that all views follow. It belongs to the window, not to the pipeline. */
export function createRowSelectionStore() {
  const store = createStore<RowSelectionState>(() => ({ selection: null, only: false }))
  const { getState: get, setState: set } = store

  function clear() {
    if (get().selection) set({ selection: null, only: false })
  }
  function put(table: Hash, fresh: readonly Column[], where: RowPredicate) {
    if (where.length === 0) return clear()
    const names = new Set(where.filter(isOfCells).flatMap(columnsOfCondition))
    const known = (get().selection?.columns ?? []).filter(({ name }) => !fresh.some((one) => one.name === name))
    set({ selection: { table, where, columns: [...known, ...fresh].filter(({ name }) => names.has(name)) } })
  }
  /** Puts conditions in the place of those about these columns. Conditions on other columns stay. */
  function chooseCells(scope: Scope, fresh: readonly CellCondition[], about: readonly string[]) {
    const { table, columns, beside } = scope
    const old = get().selection?.where ?? []
    const kept = (conditions: readonly CellCondition[]) =>
      conditions.filter((one) => !columnsOfCondition(one).some((name) => about.includes(name)))
    if (!beside) {
      const placed = old.filter((one) => !isOfCells(one))
      return put(table, columns, [...kept(old.filter(isOfCells)), ...placed, ...fresh])
    }
    const where = [...kept(besideConditions(old, beside)), ...fresh]
    const others = old.filter((one) => !isOfTable(one, beside))
    put(table, [], where.length > 0 ? [...others, { table, beside, where }] : others)
  }
  /** Puts a condition in the place of the column's old one; none takes it away. */
  function choose(table: Hash, column: Column, condition: BarCondition | undefined) {
    const fresh = condition ? [{ column: column.name, ...condition }] : []
    chooseCells({ table, columns: [column] }, fresh, [column.name])
  }
  /** Puts a whole predicate in the place of the old one. */
  function chooseAll(table: Hash, columns: readonly Column[], where: RowPredicate) {
    put(table, columns, where)
  }
  /** Rows that are picked one by one are chosen alone; none lets go. */
  function choosePlaces(table: Hash, places: Stretches) {
    put(table, [], places.length > 0 ? [{ table, places }] : [])
  }
  function showOnly(only: boolean) {
    set({ only })
  }
  return { ...store, choose, chooseCells, chooseAll, choosePlaces, clear, showOnly }
}

const isOfTable = (condition: PredicateCondition, beside: Table) =>
  'beside' in condition && condition.beside.data === beside.data

/** The conditions of a predicate on the columns of a table beside the rows' own. */
export function besideConditions(where: RowPredicate, beside: Table): readonly CellCondition[] {
  return where.flatMap((one) => ('beside' in one && isOfTable(one, beside) ? one.where : []))
}

/** Rows of a table that were chosen one by one. */
export function chosenOneByOne(where: RowPredicate | undefined, table: Hash): Stretches {
  return where?.flatMap((one) => ('places' in one && one.table === table ? one.places : [])) ?? []
}

/** Whether a selection means something in a table: it has all the columns, of the same kinds. */
export function appliesTo(selection: RowSelection | null, columns: readonly Column[]): selection is RowSelection {
  if (!selection || columns.length === 0) return false
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  return selection.columns.every(({ name, type }) => kindOf(types.get(name)) === kindOf(type))
}

const kindOf = (type: Column['type'] | undefined) => (type === 'integer' ? 'number' : type)

/** The condition on a column, if there is one. */
export const conditionOn = (where: RowPredicate | undefined, column: string): ColumnCondition | undefined =>
  where?.find((one): one is ColumnCondition => 'column' in one && one.column === column)
