import type { Engine, PipelineDocument } from '#contract'
import { expandGroups } from '../groups/expand-groups.ts'
import { diffDocuments, sameLogic } from './diff-documents.ts'

const newestLooked = 60

/** Id of the newest run that computed the same as this document; undefined where none of the last runs did. */
export async function newestRunOf(
  engine: Pick<Engine, 'runs' | 'runDetail'>,
  document: PipelineDocument,
): Promise<string | undefined> {
  const flat = expandGroups(document).document
  for (const { id } of await engine.runs({ limit: newestLooked })) {
    const { document: ran } = await engine.runDetail({ run: id })
    if (sameLogic(diffDocuments(ran, flat))) return id
  }
  return undefined
}
