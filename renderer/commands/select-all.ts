import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const selectAll: Command = {
  id: 'select-all',
  label: messages.commands.selectAll,
  group: 'edit',
  keys: ['Mod+A'],
  menu: ['canvas'],
  when: building,
  run: ({ documents, view }) => view.select(Object.keys(documents.getState().document.nodes)),
}
