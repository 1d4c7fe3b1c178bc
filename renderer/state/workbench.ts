import type { Engine, EngineInfo, HostApi } from '#contract'
import { createRowSelectionStore, type RowSelectionStore } from '../selection/row-selection.ts'
import { storedTheme } from '../theme/apply-theme.ts'
import { type Autosave, createAutosave } from './autosave.ts'
import { type CatalogueStore, createCatalogueStore } from './catalogue-store.ts'
import { type CheckStore, createCheckStore } from './check-store.ts'
import { createDocumentStore, type DocumentStore } from './document-store.ts'
import { followGroups } from './follow-groups.ts'
import { createLevelChecks, type LevelChecks } from './level-checks.ts'
import { createLevelRuns, type LevelRuns } from './level-runs.ts'
import { createLevelDocuments, createLevelStore, type LevelDocuments, type LevelStore } from './level-store.ts'
import { createNoticeStore, type NoticeStore } from './notice-store.ts'
import { createRunStore, type RunStore } from './run-store.ts'
import { createViewStore, type ViewStore } from './view-store.ts'

/** What commands may ask of the canvas while it is on screen. */
export interface CanvasControls {
  fit(nodes?: readonly string[]): void
  zoomBy(factor: number): void
  zoomTo(zoom: number): void
  /** The middle of what is visible, in the coordinates of the document. */
  center(): readonly [x: number, y: number]
  toScreen(place: readonly [number, number]): readonly [x: number, y: number]
  toFlow(screen: readonly [number, number]): readonly [x: number, y: number]
  /** Measured size of a node. */
  sizeOf(node: string): { readonly width: number; readonly height: number }
  reveal(node: string): void
  focus(node: string): void
}

/** Everything the window works with; commands and components get it, stores do not know it. */
export interface Workbench {
  readonly engine: Engine
  readonly host: HostApi
  readonly info: EngineInfo
  /** The open file as a whole. */
  readonly file: DocumentStore
  /** How deep inside groups the canvas is. */
  readonly level: LevelStore
  /** The open file as this level sees it: its document is the inside of the group we are in. */
  readonly documents: LevelDocuments
  /** Runs by the nodes of this level. */
  readonly runs: LevelRuns
  readonly allRuns: RunStore
  readonly view: ViewStore
  readonly catalogue: CatalogueStore
  /** By the nodes of this level. */
  readonly checks: LevelChecks
  readonly allChecks: CheckStore
  /** Rows chosen in a table or chart, which all views follow. */
  readonly rowSelection: RowSelectionStore
  readonly notices: NoticeStore
  readonly autosave: Autosave
  readonly canvas: { current: CanvasControls | null }
}

export async function createWorkbench(engine: Engine, host: HostApi): Promise<Workbench> {
  const [info, cards] = await Promise.all([engine.info(), engine.catalogue()])
  const file = createDocumentStore()
  const level = createLevelStore(file)
  const catalogue = followGroups(createCatalogueStore(cards), cards, file, level)
  const allRuns = createRunStore()
  const notices = createNoticeStore()
  engine.subscribe(allRuns.receive)
  const fileChecks = createCheckStore(engine, file, allRuns)
  engine.subscribe((event) => {
    if (event.type !== 'catalogue') return
    engine.catalogue().then((now) => {
      catalogue.fill(now)
      fileChecks.recheck()
    }, notices.complain)
  })
  return {
    engine,
    host,
    info,
    file,
    level,
    documents: createLevelDocuments(file, level),
    runs: createLevelRuns(allRuns, file, level),
    allRuns,
    rowSelection: createRowSelectionStore(),
    notices,
    view: createViewStore(storedTheme()),
    catalogue,
    checks: createLevelChecks(fileChecks, level),
    allChecks: fileChecks,
    autosave: createAutosave(engine, file, notices, cards),
    canvas: { current: null },
  }
}
