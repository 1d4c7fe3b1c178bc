import type { JsonValue, PipelineDocument, PipelineNode } from '#contract'
import { nameGroup } from './name-group.ts'

/** Sets one parameter; `undefined` gives it back to the type's default. */
export function setParameter(
  document: PipelineDocument,
  node: string,
  name: string,
  value: JsonValue | undefined,
): PipelineDocument {
  const old = document.nodes[node]
  if (!old) return document
  const { [name]: _, ...others } = old.params
  const params = value === undefined ? others : { ...old.params, [name]: value }
  return withNode(document, node, { ...old, params: params as PipelineNode['params'] })
}

/** Names a node; an empty title gives it back its type's. A group that no other node uses is named itself. */
export function renameNode(document: PipelineDocument, node: string, title: string): PipelineDocument {
  const old = document.nodes[node]
  if (!old) return document
  const named = nameGroup(document, node, title)
  if (named) return named
  const { title: _, ...others } = old
  return withNode(document, node, title.trim() === '' ? others : { ...old, title: title.trim() })
}

function withNode(document: PipelineDocument, id: string, node: PipelineNode): PipelineDocument {
  return { ...document, nodes: { ...document.nodes, [id]: node } }
}
