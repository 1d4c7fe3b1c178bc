import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'

/** Without these nodes, their wires, their places and the inputs that name their parameters. */
export function removeNodes(document: PipelineDocument, ids: ReadonlySet<string>): PipelineDocument {
  const keep = <V>(record: Readonly<Record<string, V>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !ids.has(id)))
  return {
    ...document,
    nodes: keep(document.nodes),
    layout: keep(document.layout),
    edges: document.edges.filter(
      (edge) => !ids.has(portAddress(edge.from).node) && !ids.has(portAddress(edge.to).node),
    ),
    inputs: Object.fromEntries(Object.entries(document.inputs).filter(([, path]) => !ids.has(portAddress(path).node))),
  }
}
