import { createStore } from 'zustand/vanilla'
import type { Column, ColumnCondition, Hash, RowPredicate } from '#contract'
import type { BarCondition } from './bars-of.ts'

/** Rows chosen in some view: those of a table for which the predicate holds, and of every other that has its columns. */
export interface RowSelection {
  readonly table: Hash
  /** The columns that the predicate names, as they are in that table. */
  readonly columns: readonly Column[]
  readonly where: RowPredicate
}
export interface RowSelectionState {
  readonly selection: RowSelection | null
  /** Tables show the chosen rows only. */
  readonly only: boolean
}

export type RowSelectionStore = ReturnType<typeof createRowSelectionStore>

/** The one selection of rows that all views follow. It belongs to the window, not to the pipeline. */
export function createRowSelectionStore() {
  const store = createStore<RowSelectionState>(() => ({ selection: null, only: false }))
  const { getState: get, setState: set } = store

  function clear() {
    if (get().selection) set({ selection: null, only: false })
  }
  /** Puts a condition in the place of the column's old one; none takes it away. Conditions on other columns stay. */
  function choose(table: Hash, column: Column, condition: BarCondition | undefined) {
    const { selection } = get()
    const others = (selection?.where ?? []).filter((one) => one.column !== column.name)
    const where: RowPredicate = condition ? [...others, { column: column.name, ...condition }] : others
    if (where.length === 0) return clear()
    const columns = [...(selection?.columns ?? []).filter(({ name }) => name !== column.name), column]
    set({
      selection: { table, where, columns: columns.filter(({ name }) => where.some((one) => one.column === name)) },
    })
  }
  /** Puts a whole predicate in the place of the old one. */
  function chooseAll(table: Hash, columns: readonly Column[], where: RowPredicate) {
    const named = columns.filter(({ name }) => where.some((one) => one.column === name))
    set({ selection: { table, where, columns: named } })
  }
  function showOnly(only: boolean) {
    set({ only })
  }
  return { ...store, choose, chooseAll, clear, showOnly }
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
  where?.find((one) => one.column === column)
