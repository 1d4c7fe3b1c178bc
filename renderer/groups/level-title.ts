import type { PipelineDocument } from '#contract'
import { type LevelPath, levelDocument } from '#graph/groups/levels'

/** What the group is called that a path leads into, by its node or else by itself; of no path, the pipeline. */
export function levelTitle(document: PipelineDocument, path: LevelPath): string {
  const around = path.at(-1)
  const own = around === undefined ? undefined : levelDocument(document, path.slice(0, -1)).nodes[around]?.title
  return own || levelDocument(document, path).name
}
