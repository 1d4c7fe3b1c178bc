import { messages } from '../shell/messages.ts'
import { building, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

export const rename: Command = {
  id: 'rename',
  label: messages.commands.rename,
  group: 'edit',
  keys: ['F2'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNode(workbench) !== null,
  run: (workbench) => workbench.view.set({ renaming: selectedNode(workbench) }),
}
