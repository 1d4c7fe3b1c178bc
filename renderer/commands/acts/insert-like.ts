import type { JsonValue, PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { messages } from '../../shell/messages.ts'
import { addNode } from '../../state/edits/add-node.ts'
import { connect } from '../../state/edits/connect.ts'
import { placeOf } from '../../state/edits/move-nodes.ts'
import { judgeWire } from '../../state/judge-wire.ts'
import type { Workbench } from '../../state/workbench.ts'
import { freePlace } from './insert-node.ts'
import { selectedNode } from './selected.ts'

/** A node under the selected one, fed by what feeds that one where ports have the same name and type; it takes the focus. */
export function insertLike(
  workbench: Workbench,
  { type, params }: { readonly type: string; readonly params: Readonly<Record<string, JsonValue>> },
): void {
  const { documents, catalogue, view, canvas } = workbench
  const { byType } = catalogue.getState()
  const card = byType.get(type)
  const like = selectedNode(workbench)
  if (!card) return
  let added = ''
  documents.edit(messages.edits.add(card.title), (document) => {
    const [x, y] = like === null ? [0, 0] : placeOf(document, like)
    const { document: whole, id } = addNode(document, card, freePlace(workbench, [x, y + 150]), params)
    added = id
    const wires = document.edges.filter(({ to }) => portAddress(to).node === like)
    return wires.reduce((now, { from, to }) => {
      const wire: PipelineEdge = { from, to: `${id}.${portAddress(to).port}` }
      return judgeWire(now, byType, wire).ok ? connect(now, wire) : now
    }, whole)
  })
  view.select([added])
  requestAnimationFrame(() => {
    canvas.current?.reveal(added)
    canvas.current?.focus(added)
  })
}
