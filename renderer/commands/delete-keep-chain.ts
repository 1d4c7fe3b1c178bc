import { messages } from '../shell/messages.ts'
import { removeKeepingChain } from '../state/edits/remove-keeping-chain.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

export const deleteKeepChain: Command = {
  id: 'delete-keep-chain',
  label: messages.commands.removeKeepingChain,
  group: 'edit',
  keys: ['Mod+Backspace', 'Mod+Delete'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0,
  run: ({ documents, catalogue, view }) => {
    const { selection } = view.getState()
    documents.edit(messages.edits.remove, (document) =>
      removeKeepingChain(document, catalogue.getState().byType, selection),
    )
    view.select([])
  },
}
