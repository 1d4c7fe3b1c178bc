import { messages } from '../shell/messages.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { freePlace } from './acts/insert-node.ts'
import { building, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

export const quickInsert: Command = {
  id: 'quick-insert',
  label: messages.commands.addNode,
  group: 'add',
  keys: ['/'],
  menu: ['canvas'],
  when: building,
  run: (workbench) => {
    const { canvas, documents, view } = workbench
    if (!canvas.current) return
    const from = selectedNode(workbench)
    const beside = from === null ? null : placeOf(documents.getState().document, from)
    const flow = freePlace(workbench, beside ? [beside[0] + 250, beside[1]] : canvas.current.center())
    view.set({ quickInsert: { screen: canvas.current.toScreen(flow), flow } })
  },
}
