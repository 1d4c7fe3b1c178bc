import { messages } from '../shell/messages.ts'
import { removeNodes } from '../state/edits/remove-nodes.ts'
import { copySelection } from './acts/clipboard.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

export const cut: Command = {
  id: 'cut',
  label: messages.commands.cut,
  group: 'edit',
  keys: ['Mod+X'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0,
  run: async (workbench) => {
    const ids = selectedNodes(workbench)
    await copySelection(workbench)
    workbench.documents.edit(messages.edits.cut, (document) => removeNodes(document, ids))
    workbench.view.select([])
  },
}
