import { messages } from '../shell/messages.ts'
import { copyNodes } from '../state/edits/paste-nodes.ts'
import { addFragment } from './acts/clipboard.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

export const duplicate: Command = {
  id: 'duplicate',
  label: messages.commands.duplicate,
  group: 'edit',
  keys: ['Mod+D'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0,
  run: (workbench) => {
    const fragment = copyNodes(workbench.documents.getState().document, selectedNodes(workbench))
    addFragment(workbench, fragment, messages.edits.duplicate)
  },
}
