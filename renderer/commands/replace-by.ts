import { messages } from '../shell/messages.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { building, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

/** Asks for the node that takes the place of the selected one, with its wires. */
export const replaceBy: Command = {
  id: 'replace-by',
  label: messages.commands.replaceBy,
  group: 'edit',
  keys: ['Alt+R'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNode(workbench) !== null,
  run: (workbench) => {
    const { canvas, documents, view } = workbench
    const node = selectedNode(workbench)
    if (node === null || !canvas.current) return
    const flow = placeOf(documents.getState().document, node)
    view.set({ quickInsert: { screen: canvas.current.toScreen(flow), flow, target: { node } } })
  },
}
