import type { JsonValue } from '#contract'
import { messages } from '../../shell/messages.ts'
import { addNode, type Position } from '../../state/edits/add-node.ts'
import { connect } from '../../state/edits/connect.ts'
import { fittingInput, fittingOutput, judgeWire } from '../../state/judge-wire.ts'
import type { QuickInsert } from '../../state/view-store.ts'
import type { Workbench } from '../../state/workbench.ts'

/** Adds a node, and with a loose wire's end connects it, as one edit. Gives the node's id. */
export function insertNode(
  { documents, catalogue, view }: Workbench,
  type: string,
  place: Position,
  loose?: QuickInsert['loose'],
  params: Readonly<Record<string, JsonValue>> = {},
): string | undefined {
  const { byType } = catalogue.getState()
  const card = byType.get(type)
  if (!card) return undefined
  let id: string | undefined
  documents.edit(messages.edits.add(card.title), (document) => {
    const added = addNode(document, card, place, params)
    id = added.id
    const end =
      loose?.side === 'from'
        ? fittingInput(added.document, byType, loose.address, id)
        : loose && fittingOutput(added.document, byType, loose.address, id)
    if (!loose || !end) return added.document
    const wire = loose.side === 'from' ? { from: loose.address, to: end } : { from: end, to: loose.address }
    const judgement = judgeWire(added.document, byType, wire)
    return judgement.ok ? connect(added.document, wire, judgement.replaces) : added.document
  })
  if (id !== undefined) view.select([id])
  return id
}

/** Room for a card, with space between. */
const [cardWidth, cardHeight, inRow] = [250, 160, 4]

/** A free place near the wished one, to the right and then below, so that nodes added one after the other lie side by side. */
export function freePlace({ documents }: Workbench, [x, y]: Position): Position {
  const places = Object.values(documents.getState().document.layout)
  for (let tries = 0; ; tries++) {
    const place: Position = [x + cardWidth * (tries % inRow), y + cardHeight * Math.floor(tries / inRow)]
    const taken = places.some(([u, v]) => Math.abs(u - place[0]) < 200 && Math.abs(v - place[1]) < 120)
    if (!taken) return place
  }
}
