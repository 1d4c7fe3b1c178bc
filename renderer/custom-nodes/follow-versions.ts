import type { PipelineDocument } from '#contract'
import { openPipeline } from '../commands/acts/open-pipeline.ts'
import type { CatalogueState } from '../state/catalogue-store.ts'
import type { Workbench } from '../state/workbench.ts'

/**
 * A node of the project that is trusted or changed while a file is open may be newer than the file. Then the file is opened
 * anew: what is brought up to date is shown, and undo shows the old.
 */
export function followVersions(workbench: Workbench): void {
  const { catalogue, file } = workbench
  catalogue.subscribe((now, before) => {
    const { document, path, readOnly } = file.getState()
    if (path !== null && !readOnly && growOld(document, now, before)) void openPipeline(workbench, path)
  })
}

/** Whether the document has nodes that are older than the catalogue is now, but were not before. */
export function growOld(document: PipelineDocument, now: CatalogueState, before: CatalogueState): boolean {
  const nodes = [document, ...Object.values(document.groups ?? {})].flatMap((level) => Object.values(level.nodes))
  const versionIn = ({ byType }: CatalogueState, type: string) => byType.get(type)?.version ?? 0
  return nodes.some(({ type, version }) => versionIn(now, type) > Math.max(version, versionIn(before, type)))
}
