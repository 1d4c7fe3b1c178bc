import type { DocumentEdit, NodeCard, PipelineEdge } from '#contract'
import type { LintView } from './lint-view.ts'

/** A new node's id, free in the document. */
export function freeId(view: LintView, card: NodeCard): string {
  const base = card.type.split('/')[1]!
  let id = base
  for (let number = 2; id in view.document.nodes; number++) id = `${base}-${number}`
  return id
}

export function addEdit(view: LintView, card: NodeCard, beside: string, params = {}): DocumentEdit & { id: string } {
  return {
    do: 'add',
    id: freeId(view, card),
    node: { type: card.type, version: card.version, params },
    beside,
  }
}

export const wire = (from: string, to: string): DocumentEdit => ({ do: 'wire', from, to })
export const unwire = ({ from, to }: PipelineEdge): DocumentEdit => ({ do: 'unwire', from, to })

/** Hangs wires that came from one port on another. */
export const moveWires = (wires: readonly PipelineEdge[], from: string): DocumentEdit[] =>
  wires.flatMap((old) => [unwire(old), wire(from, old.to)])
