import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { AnyNode, PipelineDocument } from '#contract'
import { migrateNodes } from '#graph/migrate'
import { parseDocument } from '#graph/parse'

/** The example pipeline of a node: `example.plumb.json` in its folder. */
export interface NodeExample {
  readonly folder: string
  readonly document: PipelineDocument
  /** The node's place in the example. */
  readonly id: string
}

/** Reads a node's example; throws a sentence when there is none, it has faults, or the node isn't in it. */
export function readExample(root: string, node: AnyNode, catalogue: readonly AnyNode[]): NodeExample {
  return readExampleIn(path.join(root, 'nodes', ...node.type.split('/')), node, catalogue)
}

/** The same of a node whose folder is elsewhere. */
export function readExampleIn(folder: string, node: AnyNode, catalogue: readonly AnyNode[]): NodeExample {
  const file = path.join(folder, 'example.plumb.json')
  if (!existsSync(file)) throw new Error(`${node.type} has no example.plumb.json`)
  const { document, problems } = parseDocument(readFileSync(file, 'utf8'))
  if (!document) throw new Error(problems.map((problem) => problem.message).join('\n'))
  const known = new Set(catalogue.map((other) => other.type as string))
  const unknown = Object.values(document.nodes).find(({ type }) => !known.has(type))
  if (unknown) throw new Error(`the example of ${node.type} uses ${unknown.type}, which the catalogue does not have`)
  const current = migrateNodes(document, catalogue).document
  const id = Object.keys(current.nodes).find((candidate) => current.nodes[candidate]!.type === node.type)
  if (!id) throw new Error(`the example of ${node.type} does not hold it`)
  return { folder, document: current, id }
}

/** Nodes of a document that nothing feeds. */
export function sourceNodes(document: PipelineDocument): string[] {
  const fed = new Set(document.edges.map((edge) => edge.to.split('.')[0]))
  return Object.keys(document.nodes).filter((id) => !fed.has(id))
}
