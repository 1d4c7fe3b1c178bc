import type { NodeCard, PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { messages } from '../../shell/messages.ts'
import { addNode } from '../../state/edits/add-node.ts'
import { connect } from '../../state/edits/connect.ts'
import { placeOf } from '../../state/edits/move-nodes.ts'
import { replaceNode } from '../../state/edits/replace-node.ts'
import { spliceNode } from '../../state/edits/splice-node.ts'
import { findAdapters } from '../../state/find-adapters.ts'
import { fittingInput, fittingOutput, inputPort, judgeWire, outputPort } from '../../state/judge-wire.ts'
import type { Workbench } from '../../state/workbench.ts'

/** Puts a node that is on the canvas into a wire it was dropped on. */
export function spliceInto({ documents, catalogue, notices }: Workbench, node: string, wire: PipelineEdge): boolean {
  const { byType } = catalogue.getState()
  const spliced = spliceNode(documents.getState().document, byType, node, wire)
  if (!spliced) return false
  documents.edit(messages.edits.splice, () => spliced)
  notices.say(messages.notices.spliced, { topic: 'wire' })
  return true
}

/** A node of the palette dropped on a wire goes into it, on a node takes its place. */
export function dropOn(
  workbench: Workbench,
  type: string,
  target: { readonly wire?: PipelineEdge; readonly node?: string },
): string | undefined {
  const { documents, catalogue, view } = workbench
  const { byType } = catalogue.getState()
  const card = byType.get(type)
  const { document } = documents.getState()
  if (!card) return undefined
  if (target.node !== undefined) {
    const { node } = target
    documents.edit(messages.edits.replace(card.title), (old) => replaceNode(old, byType, node, card))
    view.select([node])
    return node
  }
  if (!target.wire) return undefined
  const [before, after] = [target.wire.from, target.wire.to].map((end) => placeOf(document, portAddress(end).node))
  const added = addNode(document, card, [(before![0] + after![0]) / 2, (before![1] + after![1]) / 2 + 60])
  const spliced = spliceNode(added.document, byType, added.id, target.wire)
  if (!spliced) return undefined
  documents.edit(messages.edits.add(card.title), () => spliced)
  view.select([added.id])
  return added.id
}

/** The best node between two ports whose types differ, with what puts it there; undefined where there is none. */
export function adapterFor(
  workbench: Workbench,
  wire: PipelineEdge,
): { readonly card: NodeCard; insert(): void } | undefined {
  const { documents, catalogue, view, notices } = workbench
  const { byType, cards } = catalogue.getState()
  const { document } = documents.getState()
  const [source, target] = [outputPort(document, byType, wire.from), inputPort(document, byType, wire.to)]
  if (!source || !target || source.type === target.type) return undefined
  const [card] = findAdapters(cards, source.type, target.type)
  if (!card) return undefined
  return {
    card,
    insert() {
      documents.edit(messages.edits.add(card.title), (old) => {
        const [x, y] = placeOf(old, portAddress(wire.to).node)
        const { document: added, id } = addNode(old, card, [x - 120, y + 110])
        const input = fittingInput(added, byType, wire.from, id)
        const half = input === undefined ? added : connect(added, { from: wire.from, to: input })
        const output = fittingOutput(half, byType, wire.to, id)
        if (output === undefined) return old
        const last = judgeWire(half, byType, { from: output, to: wire.to })
        view.select([id])
        return last.ok ? connect(half, { from: output, to: wire.to }, last.replaces) : old
      })
      notices.say(messages.notices.adapted(card.title), { topic: 'wire' })
    },
  }
}
