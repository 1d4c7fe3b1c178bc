import { messages } from '../shell/messages.ts'
import { removeAnnotations } from '../state/edits/annotate.ts'
import { disconnect } from '../state/edits/connect.ts'
import { removeNodes } from '../state/edits/remove-nodes.ts'
import { building, selectedWires } from './acts/selected.ts'
import type { Command } from './command.ts'

export const deleteSelection: Command = {
  id: 'delete',
  label: messages.commands.remove,
  group: 'edit',
  keys: ['Delete', 'Backspace'],
  menu: ['node', 'wire'],
  when: (workbench) => building(workbench) && workbench.view.getState().selection.size > 0,
  run: (workbench) => {
    const { selection } = workbench.view.getState()
    const wires = selectedWires(workbench)
    workbench.documents.edit(messages.edits.remove, (document) =>
      removeAnnotations(removeNodes(disconnect(document, wires), selection), selection),
    )
    workbench.view.select([])
  },
}
