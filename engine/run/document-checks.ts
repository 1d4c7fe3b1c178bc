import { type PipelineDocument, ProblemError } from '#contract'
import { type CheckedDocument, checkDocument } from '#graph/check'
import { canonicalJson } from '#graph/fingerprint'
import { expandGroups } from '#graph/groups/expand-groups'
import { hashBytes } from '#store/hashing'
import type { Workshop } from './workshop.ts'

export interface DocumentChecks {
  check(document: PipelineDocument): Promise<CheckedDocument>
}

const kept = 16

/** Checks documents; one that was checked just now with the same files and code is not checked again. */
export function createDocumentChecks(workshop: Workshop): DocumentChecks {
  const known = new Map<string, Promise<CheckedDocument>>()
  return {
    async check(document) {
      await workshop.custom.learnMigrations(document)
      const key = await checkKey(workshop, document)
      const answer =
        known.get(key) ?? checkDocument(document, workshop.catalogue, workshop.infer, workshop.custom.whyAbsent)
      known.delete(key)
      known.set(key, answer)
      if (known.size > kept) known.delete(known.keys().next().value!)
      answer.catch(() => known.delete(key))
      return answer
    },
  }
}

/** Everything a check depends on: the logic of the document and the content of the files it names. */
async function checkKey(workshop: Workshop, document: PipelineDocument): Promise<string> {
  const flat = expandGroups(document).document
  const { layout: _, frames: __, notes: ___, ...logic } = document
  const files: string[] = []
  for (const node of Object.values(flat.nodes)) {
    const definition = workshop.types.get(node.type)
    const params = definition?.sources && definition.params.safeParse(node.params)
    if (!params?.success) continue
    for (const name of definition!.sources!(params.data)) files.push(name, await contentOf(workshop, name))
  }
  return hashBytes(canonicalJson({ logic, files, code: workshop.code.base.hash, custom: workshop.custom.stamp }))
}

async function contentOf(workshop: Workshop, name: string): Promise<string> {
  try {
    const files = await workshop.sources.read(name)
    return files.map((file) => `${file.path} ${file.hash}`).join()
  } catch (error) {
    if (error instanceof ProblemError) return ''
    throw error
  }
}
