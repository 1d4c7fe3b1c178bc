import type { DocumentEdit, PipelineDocument } from '#contract'
import { sortedEdges } from './adjacency.ts'

/** The document after each edit in turn; the one given stays as it is. */
export function applyEdits(document: PipelineDocument, edits: readonly DocumentEdit[]): PipelineDocument {
  return edits.reduce(applyEdit, document)
}

function applyEdit(document: PipelineDocument, edit: DocumentEdit): PipelineDocument {
  if (edit.do === 'set') return setParameter(document, edit)
  if (edit.do === 'add') return addBeside(document, edit)
  const { from, to } = edit
  const others = document.edges.filter((wire) => wire.from !== from || wire.to !== to)
  return { ...document, edges: edit.do === 'wire' ? sortedEdges([...others, { from, to }]) : others }
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
