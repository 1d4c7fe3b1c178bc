import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { RowSelectionState } from '../selection/row-selection.ts'
import type { CatalogueState } from '../state/catalogue-store.ts'
import type { CheckState } from '../state/check-store.ts'
import type { DocumentState } from '../state/document-store.ts'
import type { LevelState } from '../state/level-store.ts'
import type { RunState } from '../state/run-store.ts'
import type { ViewState } from '../state/view-store.ts'
import type { Workbench } from '../state/workbench.ts'

export const WorkbenchContext = createContext<Workbench | null>(null)

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext)
  if (!workbench) throw new Error('There is no workbench around this component.')
  return workbench
}

export function useDocument<T>(select: (state: DocumentState) => T): T {
  return useStore(useWorkbench().documents, select)
}
/** The open file as a whole, whatever level is shown. */
export function useFile<T>(select: (state: DocumentState) => T): T {
  return useStore(useWorkbench().file, select)
}
export function useLevel<T>(select: (state: LevelState) => T): T {
  return useStore(useWorkbench().level, select)
}
export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(useWorkbench().view, select)
}
export function useRuns<T>(select: (state: RunState) => T): T {
  return useStore(useWorkbench().runs, select)
}
export function useChecks<T>(select: (state: CheckState) => T): T {
  return useStore(useWorkbench().checks, select)
}
export function useCatalogue<T>(select: (state: CatalogueState) => T): T {
  return useStore(useWorkbench().catalogue, select)
}
export function useRowSelection<T>(select: (state: RowSelectionState) => T): T {
  return useStore(useWorkbench().rowSelection, select)
}
