import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { AnyNode, CustomNodes, NodeCard, PipelineDocument } from '#contract'
import type { WhyAbsent } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { expandGroups } from '#graph/groups/expand-groups'
import { customFamily } from '#run/custom/custom-folder'

/** The nodes a command knows: the program's, and the trusted ones of the project. */
export interface KnownNodes {
  readonly catalogue: readonly AnyNode[]
  readonly cards: readonly NodeCard[]
  readonly whyAbsent: WhyAbsent
  readonly learnMigrations: (document: PipelineDocument) => Promise<void>
  /** The project's own, ready or not; undefined where nobody asked for them. */
  readonly custom?: CustomNodes
}

/**
 * Does some work with the nodes that these documents may name. The project's own are looked at only where a document names
 * one, or without documents; no store is opened and nothing is written into the project.
 */
export async function withNodes<T>(
  { project, documents }: { readonly project: string; readonly documents?: readonly PipelineDocument[] },
  work: (nodes: KnownNodes) => Promise<T>,
): Promise<T> {
  const { catalogue } = await import('#nodes')
  if (documents && !documents.some(namesCustom))
    return work({ catalogue, cards: catalogue.map(describeNode), whyAbsent: () => [], learnMigrations: async () => {} })
  const [{ openCustomNodes }, { engineVersion }] = await Promise.all([
    import('#run/custom/custom-nodes'),
    import('#run/environment'),
  ])
  const place = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-nodes-')))
  const shelf = await openCustomNodes({
    project,
    temporary: place,
    checkpoints: place,
    bytes: 1 << 30,
    engineVersion: engineVersion(),
    onChange: () => {},
  })
  try {
    const all = [...catalogue, ...shelf.nodes]
    const custom = await shelf.state()
    const { whyAbsent, learnMigrations } = shelf
    return await work({ catalogue: all, cards: all.map(describeNode), whyAbsent, learnMigrations, custom })
  } finally {
    shelf.close()
    rmSync(place, { recursive: true, force: true, maxRetries: 3 })
  }
}

function namesCustom(document: PipelineDocument): boolean {
  const { nodes } = expandGroups(document).document
  return Object.values(nodes).some(({ type }) => type.startsWith(`${customFamily}/`))
}
