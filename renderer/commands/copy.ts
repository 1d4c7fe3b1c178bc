import { messages } from '../shell/messages.ts'
import { copySelection } from './acts/clipboard.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

export const copy: Command = {
  id: 'copy',
  label: messages.commands.copy,
  group: 'edit',
  keys: ['Mod+C'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0 && String(getSelection() ?? '') === '',
  run: copySelection,
}
