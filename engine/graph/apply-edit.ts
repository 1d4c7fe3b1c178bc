import type { Assertion, DocumentEdit, PipelineDocument, PipelineEdge } from '#contract'
import { sortedEdges } from './adjacency.ts'

/** The document after one edit of its own nodes and wires. */
export function applyEdit(document: PipelineDocument, edit: DocumentEdit): PipelineDocument {
  if (edit.do === 'set') return setParameter(document, edit)
  if (edit.do === 'add') return addBeside(document, edit)
  if (edit.do === 'reset') return resetParameter(document, edit)
  if (edit.do === 'retype') return retypeNode(document, edit)
  const { from, to } = edit
  const [same, others] = [true, false].map((is) =>
    document.edges.filter((wire) => (wire.from === from && wire.to === to) === is),
  ) as [PipelineEdge[], PipelineEdge[]]
  if (edit.do === 'unwire') return { ...document, edges: others }
  if (edit.do === 'assert') return assertOn(document, same[0], edit.assertions)
  return { ...document, edges: sortedEdges([...others, same[0] ?? { from, to }]) }
}

/** Leaves the document as it is where the wire is gone. */
function assertOn(
  document: PipelineDocument,
  wire: PipelineEdge | undefined,
  assertions: readonly Assertion[],
): PipelineDocument {
  if (!wire) return document
  const { assertions: _, ...bare } = wire
  const changed = assertions.length === 0 ? bare : { ...bare, assertions: [...assertions] }
  return { ...document, edges: sortedEdges(document.edges.map((edge) => (edge === wire ? changed : edge))) }
}

function setParameter(
  document: PipelineDocument,
  { node, param, value }: Extract<DocumentEdit, { do: 'set' }>,
): PipelineDocument {
  const old = document.nodes[node]
  if (!old) return document
  const params = { ...old.params, [param]: value } as typeof old.params
  return { ...document, nodes: { ...document.nodes, [node]: { ...old, params } } }
}

function resetParameter(
  document: PipelineDocument,
  { node, param }: Extract<DocumentEdit, { do: 'reset' }>,
): PipelineDocument {
  const old = document.nodes[node]
  if (!old || !Object.hasOwn(old.params, param)) return document
  const { [param]: _, ...params } = old.params
  return { ...document, nodes: { ...document.nodes, [node]: { ...old, params } } }
}

function retypeNode(
  document: PipelineDocument,
  { node, type, version }: Extract<DocumentEdit, { do: 'retype' }>,
): PipelineDocument {
  const old = document.nodes[node]
  return old ? { ...document, nodes: { ...document.nodes, [node]: { ...old, type, version } } } : document
}

function addBeside(
  document: PipelineDocument,
  { id, node, beside }: Extract<DocumentEdit, { do: 'add' }>,
): PipelineDocument {
  const places = Object.values(document.layout)
  let [x, y] = document.layout[beside] ?? [0, 0]
  x -= 230
  while (places.some(([u, v]) => Math.abs(u - x) < 200 && Math.abs(v - y) < 100)) y += 120
  return {
    ...document,
    nodes: { ...document.nodes, [id]: node },
    layout: { ...document.layout, [id]: [x, y] },
  }
}
