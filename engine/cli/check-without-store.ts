import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { PipelineDocument } from '#contract'
import { type CheckedDocument, checkDocument } from '#graph/check'
import type { KnownNodes } from './with-nodes.ts'

/** Checks a document without a store: nothing is written into the project. */
export async function checkWithoutStore(
  document: PipelineDocument,
  project: string,
  { catalogue, whyAbsent, learnMigrations }: KnownNodes,
): Promise<CheckedDocument> {
  const { createInferContext } = await import('#compute/context')
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'plumbline-check-'))
  await learnMigrations(document)
  const context = createInferContext({ project, temporary })
  try {
    return await checkDocument(document, catalogue, context, whyAbsent)
  } finally {
    await context.close()
    await rm(temporary, { recursive: true, force: true })
  }
}
