import { messages } from '../shell/messages.ts'
import { building, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

export const connectTo: Command = {
  id: 'connect',
  label: messages.commands.connect,
  group: 'edit',
  keys: ['C'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNode(workbench) !== null,
  run: ({ view }) => view.set({ overlay: 'connect' }),
}
