import type { Engine, EngineInfo, HostApi } from '#contract'
import { storedTheme } from '../theme/apply-theme.ts'
import { type Autosave, createAutosave } from './autosave.ts'
import { type CatalogueStore, createCatalogueStore } from './catalogue-store.ts'
import { type CheckStore, createCheckStore } from './check-store.ts'
import { createDocumentStore, type DocumentStore } from './document-store.ts'
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
  readonly documents: DocumentStore
  readonly runs: RunStore
  readonly view: ViewStore
  readonly catalogue: CatalogueStore
  readonly checks: CheckStore
  readonly notices: NoticeStore
  readonly autosave: Autosave
  readonly canvas: { current: CanvasControls | null }
}

export async function createWorkbench(engine: Engine, host: HostApi): Promise<Workbench> {
  const [info, cards] = await Promise.all([engine.info(), engine.catalogue()])
  const documents = createDocumentStore()
  const runs = createRunStore()
  const notices = createNoticeStore()
  engine.subscribe(runs.receive)
  return {
    engine,
    host,
    info,
    documents,
    runs,
    notices,
    view: createViewStore(storedTheme()),
    catalogue: createCatalogueStore(cards),
    checks: createCheckStore(engine, documents, runs),
    autosave: createAutosave(engine, documents, notices, cards),
    canvas: { current: null },
  }
}
