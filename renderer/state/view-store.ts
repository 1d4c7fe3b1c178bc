import { createStore } from 'zustand/vanilla'
import type { OpenedFile, PipelineDocument, PipelineEdge, PortType } from '#contract'
import type { ThemeChoice } from '../theme/apply-theme.ts'

export type Room = 'start' | 'build' | 'runs' | 'models' | 'reviews' | 'queue' | 'monitor' | 'lineage'
export type InspectorTab = 'settings' | 'problem' | 'result' | 'history' | 'about'
export type DockTab = 'data' | 'columns' | 'timeline' | 'log' | 'advice'

/** The quick insert list: where it opens, and the loose end of a wire that the new node takes. */
export interface QuickInsert {
  readonly screen: readonly [x: number, y: number]
  readonly flow: readonly [x: number, y: number]
  readonly loose?: { readonly address: string; readonly side: 'from' | 'to'; readonly type: PortType }
  /** The wire the node goes into, or the node whose place it takes. */
  readonly target?: { readonly wire: PipelineEdge } | { readonly node: string }
}
export interface Menu {
  readonly screen: readonly [x: number, y: number]
  readonly flow: readonly [x: number, y: number]
  readonly about: 'canvas' | 'node' | 'wire'
}
export type Overlay =
  | 'commands'
  | 'keys'
  | 'open'
  | 'compare'
  | 'connect'
  | 'sweep'
  | 'custom-nodes'
  | 'conflicts'
  | 'history'
  | 'name-state'
  | null

export interface ViewState {
  readonly room: Room
  /** Ids of nodes, wires, frames and notes. */
  readonly selection: ReadonlySet<string>
  readonly inspectorTab: InspectorTab
  readonly dockTab: DockTab
  readonly paletteOpen: boolean
  /** Left of the canvas stands the outline, not the list of nodes. */
  readonly outline: boolean
  readonly inspectorOpen: boolean
  readonly dockOpen: boolean
  readonly inspectorWidth: number
  readonly dockHeight: number
  readonly theme: ThemeChoice
  readonly quickInsert: QuickInsert | null
  readonly menu: Menu | null
  readonly overlay: Overlay
  /** The output the dock shows, as node.port; null shows the selected node's first table. */
  readonly dockPort: string | null
  /** The node whose title is being edited on its card. */
  readonly renaming: string | null
  readonly zoom: number
  /** The run the Runs room opens with. */
  readonly openRun: string | null
  readonly lineageOf: string | null
  /** The parameter a sweep is being planned from, as node.parameter. */
  readonly sweepOf: string | null
  /** When the edits were made that were journalled but not saved when Plumbline ended, and are back now. */
  readonly recovered: { readonly at: string } | null
  /** The open file was written by an older version. */
  readonly migrated: boolean
  /** Its nodes that were brought up to date. */
  readonly migrations: NonNullable<OpenedFile['migrations']>
  /** The step of the tour that is due; one past the last says that it is over. */
  readonly tourStep: number | null
  /** The state that the history opens with: the edit made last, or none. */
  readonly historyOf: 'last-edit' | null
  /** What the canvas is compared with. */
  readonly comparison: { readonly name: string; readonly document: PipelineDocument } | null
  /** A file is being chosen in the app's own list; gets the path, or null. */
  readonly picking: { readonly extensions: readonly string[]; readonly chosen: (path: string | null) => void } | null
}

/** Below it cards show no more than kind, title and state; below the second, where no title can be read, a coloured box. */
export const plainBelowZoom = 0.4
export const speckBelowZoom = 0.2

export type ViewStore = ReturnType<typeof createViewStore>

/** What the window shows; nothing of it stands in the pipeline file. */
export function createViewStore(theme: ThemeChoice = 'system') {
  const store = createStore<ViewState>(() => ({
    room: 'start',
    selection: new Set<string>(),
    inspectorTab: 'settings',
    dockTab: 'data',
    paletteOpen: true,
    outline: false,
    inspectorOpen: true,
    dockOpen: true,
    inspectorWidth: 330,
    dockHeight: 250,
    theme,
    quickInsert: null,
    menu: null,
    overlay: null,
    dockPort: null,
    renaming: null,
    zoom: 1,
    openRun: null,
    lineageOf: null,
    sweepOf: null,
    recovered: null,
    migrated: false,
    migrations: [],
    historyOf: null,
    comparison: null,
    tourStep: null,
    picking: null,
  }))
  const { getState: get, setState: set } = store
  function select(ids: Iterable<string>) {
    const selection = new Set(ids)
    if (!sameSet(selection, get().selection)) set({ selection, dockPort: null, menu: null })
  }
  return { ...store, set: (change: Partial<ViewState>) => set(change), select }
}

export function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id))
}

/** The node the inspector and the dock speak of: the only one selected. */
export function focusedNode(selection: ReadonlySet<string>, nodes: Readonly<Record<string, unknown>>): string | null {
  const chosen = [...selection].filter((id) => Object.hasOwn(nodes, id))
  return chosen.length === 1 ? chosen[0]! : null
}
