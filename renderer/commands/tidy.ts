import { messages } from '../shell/messages.ts'
import type { Position } from '../state/edits/add-node.ts'
import { moveNodes, placeOf } from '../state/edits/move-nodes.ts'
import { refitFrames } from '../state/edits/refit-frames.ts'
import { building, selectedNodes } from './acts/selected.ts'
import { tidyLayout } from './acts/tidy-layout.ts'
import type { Command } from './command.ts'

/** Height of a card with a picture and two lines. */
const roomOfResult = 136

export const tidy: Command = {
  id: 'tidy',
  label: messages.commands.tidy,
  group: 'view',
  keys: ['T'],
  menu: ['canvas'],
  when: building,
  run: async (workbench) => {
    const { documents, canvas, notices } = workbench
    const { document } = documents.getState()
    const chosen = selectedNodes(workbench)
    const ids = chosen.size > 1 ? chosen : new Set(Object.keys(document.nodes))
    if (ids.size === 0) return
    try {
      // cards grow when they have a result, so room is kept for its picture
      const sizeOf = (id: string) => {
        const { width, height } = canvas.current?.sizeOf(id) ?? { width: 198, height: 0 }
        return { width, height: Math.max(height, roomOfResult) }
      }
      const laid = await tidyLayout(document, ids, sizeOf)
      const corner = (places: readonly Position[]) =>
        [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))] as const
      const [left, top] = corner([...ids].map((id) => placeOf(document, id)))
      const [x0, y0] = corner(Object.values(laid))
      const places = Object.entries(laid).map(([id, [x, y]]) => [id, [x - x0 + left, y - y0 + top]] as const)
      documents.edit(messages.edits.tidy, (old) => refitFrames(old, moveNodes(old, Object.fromEntries(places)), sizeOf))
      requestAnimationFrame(() => canvas.current?.fit())
    } catch (error) {
      notices.complain(error)
    }
  },
}
