import type { JsonValue, NodeCard, PipelineDocument } from '#contract'
import { nodeSlug } from '#graph/node-slug'

export type Position = readonly [x: number, y: number]

export interface AddedNode {
  readonly document: PipelineDocument
  readonly id: string
}

/** A new node of this type; parameters that are not given keep the type's defaults. */
export function addNode(
  document: PipelineDocument,
  card: Pick<NodeCard, 'type' | 'version' | 'title'>,
  position: Position,
  params: Readonly<Record<string, JsonValue>> = {},
): AddedNode {
  const id = nodeSlug(card.title, document.nodes)
  const node = { type: card.type, version: card.version, params: params as PipelineDocument['nodes'][string]['params'] }
  return {
    id,
    document: {
      ...document,
      nodes: { ...document.nodes, [id]: node },
      layout: { ...document.layout, [id]: [Math.round(position[0]), Math.round(position[1])] },
    },
  }
}
